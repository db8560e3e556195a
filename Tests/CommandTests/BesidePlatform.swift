import PlatformFixture
import SystemPackage

extension BuiltCommand {
  /// Runs a line of shell in a new folder beside a platform: `$0` is the command, `$c` the folder of the platform's
  /// clients, `log` what the platform says, `until_so 'TEST'` waits for what a line of shell tests. The status is how
  /// the platform ended.
  static func shell(besidePlatform line: String, seconds: Int = patience) async throws -> Outcome {
    try await withScratchFolder("platform") { folder in
      try await shell(besidePlatform: line, in: folder, seconds: seconds)
    }
  }

  /// The same in a folder that is there already.
  static func shell(besidePlatform line: String, in folder: FilePath, seconds: Int = patience) async throws -> Outcome {
    try await shell(
      """
      cd '\(folder)'; c=platform/clients
      timeout \(seconds) "$0" platform --directory platform > card 2> log & platform=$!
      until_so() {
        local end=$((SECONDS + 240))
        until eval "$1"; do [ $SECONDS -lt $end ] || { echo "never: $1"; return; }; sleep 0.1; done
      }
      until_so '[ -s card ]'
      \(line)
      kill -TERM $platform; wait $platform
      """, seconds: seconds)
  }
}
