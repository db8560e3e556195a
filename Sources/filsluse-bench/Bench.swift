import ArgumentParser

/// `filsluse-bench`: what Filsluse takes for its work, beside others on the same machine in the same run.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filsluse-bench",
    abstract:
      "Measure transfers, deliveries with their journal, watching and documents, beside others' tools if there are any.",
    subcommands: [
      TransferBench.self, ListFolder.self, ExchangeBench.self, JournalBench.self, BatchBench.self, RegisterBench.self,
      DocumentBench.self, WatchBench.self, WatchProcess.self, BuildsBench.self, PeersBench.self,
      StartBench.self,
    ],
    defaultSubcommand: TransferBench.self)
}
