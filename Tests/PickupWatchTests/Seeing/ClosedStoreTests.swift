import FileExchange
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// A store is closed while others still look into it, as when the watch takes up new settings.
@Suite(.timeLimit(.minutes(8))) struct ClosedStoreTests {
  @Test func whoComesTooLateIsToldSo() async throws {
    try await withScratchFolder { folder in
      for round in 0..<20 {
        let store = try await AlertStore.open(folder.appending("alerts-\(round).sqlite"))
        let late = await withTaskGroup(of: Bool.self) { group in
          for _ in 0..<60 {
            group.addTask {
              do throws(AlertStoreError) {
                _ = try await store.read { _ in 1 }
                return false
              } catch {
                #expect("\(error)".contains("closed"), "\(error)")
                return true
              }
            }
          }
          group.addTask {
            do { try await store.close() } catch { Issue.record(error) }
            return false
          }
          return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(late <= 60)
        await #expect(throws: AlertStoreError.self) { try await store.read { _ in 1 } }
      }
    }
  }
}
