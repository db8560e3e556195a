import ArgumentParser

/// `filsluse-torture`: proves on this machine that nothing is lost and nothing comes twice.
@main
struct Torture: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filsluse-torture",
    abstract: "Kill, cut off and starve filsluse while it delivers and collects, and count what is lost or doubled.",
    subcommands: [
      Matrix.self, Changes.self, Soak.self, Logins.self, Sessions.self, Conformance.self, Machines.self,
    ],
    defaultSubcommand: Matrix.self)
}
