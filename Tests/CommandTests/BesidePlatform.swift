import PlatformFixture
import SystemPackage

extension BuiltCommand {
  /// Runs a line of shell in a new folder beside a platform: `$0` is the command, `$c` the folder of the platform's
  /// clients, `until_so 'TEST'` waits for what a line of shell tests.
  static func shell(besidePlatform line: String, seconds: Int = 120) async throws -> Outcome {
    try await withScratchFolder("platform") { folder in
      try await shell(
        """
        cd '\(folder)'; c=platform/clients
        timeout \(seconds) "$0" platform --directory platform > card 2> log & platform=$!
        until_so() { for i in $(seq 600); do eval "$1" && return; sleep 0.1; done; echo "never: $1"; }
        until_so '[ -s card ]'
        \(line)
        kill -TERM $platform; wait $platform
        """, seconds: seconds)
    }
  }
}
