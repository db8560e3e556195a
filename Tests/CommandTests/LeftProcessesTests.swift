import PlatformFixture
import SystemPackage
import Testing

/// The function by which `Scripts/test` blames a run for the processes that it left behind.
@Suite(.timeLimit(.minutes(25))) struct LeftProcessesTests {
  private static let function = FilePath(#filePath).removingLastComponent().pushing("../../Scripts/left-processes")
    .lexicallyNormalized()

  /// The folder's path is in no command line of the shell itself: it would blame itself.
  @Test("Scripts/test blames a run for its own processes, and for none of another run")
  func ownProcessesAlone() async throws {
    try await withScratchFolder("left") { folder in
      let outcome = try await BuiltCommand.outcome(
        of: [
          "bash", "-c",
          """
          . "$0"
          mkdir -p run/inner run2/inner; touch run/open run2/open
          run=$(pwd -P)/run
          (cd run/inner && exec sleep 300) & working=$!
          (exec sleep 300 < run/open) & reading=$!
          (exec -a "$run/program" sleep 300) & named=$!
          (cd run2/inner && exec sleep 300 < ../open) & foreign=$!
          (exec -a "${run}2/program" sleep 300) & other=$!
          own=$(printf '%s\\n' $working $reading $named | sort -n | xargs)
          for _ in $(seq 100); do
            left=$(left_processes "$run" | sort -n | xargs)
            [ "$left" != "$own" ] || break
            sleep 0.1
          done
          [ "$left" = "$own" ] && echo "its own" || echo "$left instead of $own, beside $foreign $other"
          kill $working $reading $named; wait $working $reading $named
          left_processes "$run" | sed 's/^/still /'
          kill -0 $foreign && kill -0 $other && echo "the others run"
          kill $foreign $other; wait $foreign $other
          """, Self.function.string,
        ], in: folder)
      #expect(outcome.output == "its own\nthe others run\n", "\(outcome)")
    }
  }
}
