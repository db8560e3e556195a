import Testing

@testable import FileExchange

/// The state of a delivery without its last entries, as OUT and IN prove it.
@Suite struct DeliveryProofTests {
  private typealias Content = DeliveryMachine.OutContent

  private static let states = DeliveryState.allCases.filter(\.isToBeSent)

  private static let contents: [Content] = {
    let states = DeliveryMachine.RemoteFileState.allCases
    return states.flatMap { data in
      states.flatMap { trigger in
        states.map { temporary in Content(data: data, trigger: trigger, temporary: temporary) }
      }
    }
  }()

  @Test("a receipt with its SendersFileId proves that it was sent, whatever lies in OUT")
  func receipt() {
    for state in Self.states {
      for content in Self.contents {
        let proof = DeliveryProof(of: state, content, isItsTrigger: false, hasReceipt: true, maybeInPlace: false)
        #expect(proof == .receipt && proof.isSent == true)
      }
    }
  }

  @Test("its own whole trigger proves that it was sent; another's proves nothing")
  func trigger() {
    for state in Self.states {
      for content in Self.contents where content.trigger == .whole {
        #expect(
          DeliveryProof(of: state, content, isItsTrigger: true, hasReceipt: false, maybeInPlace: false) == .trigger)
        #expect(
          DeliveryProof(of: state, content, isItsTrigger: false, hasReceipt: false, maybeInPlace: false) == .nothing)
      }
    }
  }

  @Test("only a temporary trigger beside data, and no trigger, proves that it was not sent")
  func temporaryTrigger() {
    for state in Self.states {
      for content in Self.contents {
        let proof = DeliveryProof(of: state, content, isItsTrigger: false, hasReceipt: false, maybeInPlace: false)
        let isUnsent =
          state != .triggering && content.trigger == .missing && content.temporary != .missing
          && content.data != .missing
        #expect((proof.isSent == false) == isUnsent, "\(state) \(content)")
      }
    }
  }

  @Test("where triggers are written in place, a temporary one beside data proves nothing, nor does data without any")
  func triggersInPlace() {
    for state in Self.states {
      for content in Self.contents where content.trigger == .missing && content.data != .missing {
        let proof = DeliveryProof(of: state, content, isItsTrigger: false, hasReceipt: false, maybeInPlace: true)
        #expect(proof == .nothing, "\(state) \(content)")
      }
    }
    let empty = Content(data: .missing, trigger: .missing, temporary: .missing)
    let proof = DeliveryProof(of: .armed, empty, isItsTrigger: false, hasReceipt: false, maybeInPlace: true)
    #expect(proof == .triggerIsGone)
  }

  @Test("an empty OUT proves that it was sent only where its trigger was whole before")
  func emptyOUT() {
    let empty = Content(data: .missing, trigger: .missing, temporary: .missing)
    for state in Self.states {
      let proof = DeliveryProof(of: state, empty, isItsTrigger: false, hasReceipt: false, maybeInPlace: false)
      #expect(proof == (state.isAboutToBeCommitted ? .triggerIsGone : .nothing), "\(state)")
    }
    // A server that cannot rename: the data alone may wait for a trigger that was never whole.
    let data = Content(data: .whole, trigger: .missing, temporary: .missing)
    #expect(
      DeliveryProof(of: .triggering, data, isItsTrigger: false, hasReceipt: false, maybeInPlace: false) == .nothing)
    #expect(
      DeliveryProof(of: .armed, data, isItsTrigger: false, hasReceipt: false, maybeInPlace: false) == .triggerIsGone)
  }
}
