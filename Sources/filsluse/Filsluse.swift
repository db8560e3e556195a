import ArgumentParser
import TriggerFiles

/// The root command: the output of `filsluse` without arguments and of `filsluse --help`.
@main struct Filsluse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filsluse",
    abstract: LocalizedText(
      "Exchange files with trigger files over SFTP, as KOMBIT's Serviceplatformen does.",
      "Udveksl filer med triggerfiler over SFTP, som KOMBITs Serviceplatform gør."
    ).shown,
    discussion: LocalizedText(
      """
      Results go to standard output, everything else to standard error.

      Exit status: 0 done, 1 watch, status or check found something, 2 something critical, 64 usage, \
      65 bad document or name, 66 input missing, 69 server not reachable or not able, 74 local input or output, 75 not done yet and trying again will go on, \
      76 refused by the platform's receipt, 77 key, host key or right refused, 78 configuration. \
      filsluse explain tells more of each, as of every other code that is shown.
      """,
      """
      Resultater går til standardoutput, alt andet til standardfejl.

      Slutstatus: 0 udført, 1 watch, status eller check fandt noget, 2 noget kritisk, 64 forkert kald, \
      65 dokument eller navn er forkert, 66 inddata mangler, 69 serveren kan ikke nås eller kan ikke det nødvendige, 74 lokal læsning eller skrivning, 75 ikke færdig endnu, og et nyt forsøg fortsætter, \
      76 afvist af platformens kvittering, 77 nøgle, værtsnøgle eller rettighed afvist, 78 indstillinger. \
      filsluse explain fortæller mere om hver af dem og om alle andre koder, der vises.
      """
    ).shown,
    version: ProgramVersion.full,
    subcommands: [
      Init.self, Send.self, Receive.self, Run.self, Status.self, Cancel.self, Retry.self, JournalCommand.self,
      Explain.self,
      Watch.self,
      AlertsCommand.self,
      Check.self, RoutesCommand.self, KnownHostsCommand.self, Platform.self,
      Inspect.self,
      WriteTrigger.self, InfRefCommand.self, IntegrationCommand.self, Demo.self,
    ])

  static func main() async {
    ProcessSetup.prepare()
    let given = Array(CommandLine.arguments.dropFirst())
    OutputLanguage.begin(with: given)
    let arguments = Subcommands.withoutLanguage(given, of: Filsluse.self)
    do {
      try Subcommands.check(arguments, of: Filsluse.self)
      // The root's own help needs no parser: that would take a tenth of the time of the start.
      if arguments == ["--help"] || arguments == ["-h"] {
        Output.print(ParserText.help(helpMessage(includeHidden: false)))
        Output.end(.done)
      }
      var command = try await parsedCommand(arguments)
      if type(of: command) is any GoesOnWhenRepeated.Type { Interruption.announce(in: OutputLanguage.current) }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      Output.end(.done)
    } catch {
      Output.end(Self.report(error, arguments))
    }
  }

  private static func parsedCommand(_ arguments: [String]) async throws -> any ParsableCommand {
    try await asyncParseAsRoot(arguments)
  }

  /// Reports an error; requested help goes to standard output.
  ///
  /// - Parameter arguments: the arguments of the call.
  private static func report(_ error: any Error, _ arguments: [String]) -> ExitStatus {
    let command = Subcommands.name(in: arguments, of: Filsluse.self)
    if let known = error as? any HasExitStatus {
      if !known.explanation.isEmpty { tell(known.explanation, known.reported(by: command)) }
      return known.exitStatus
    }
    let status = ExitStatus(rawValue: exitCode(for: error).rawValue)
    guard status != .unforeseen else {
      tell("filsluse: \(error)", ReportedError(ending: command, .internalError, "\(error)"))
      return .internalError
    }
    // The remaining errors are the argument parser's own: help, version, wrong usage.
    var text = fullMessage(for: error)
    if status == .done, let name = OutputLanguage.unknown(in: arguments) {
      let refusal = ParserText.unknownLanguage(name)
      return refuse(.usage, command, "Error: \(refusal)", refusal)
    }
    if status == .done {
      Output.print(ParserText.help(text))
      return status
    }
    let called = Subcommands.command(in: arguments, of: Filsluse.self).type
    var reason = message(for: error)
    if let unknown = UnknownOption(in: arguments, of: called, under: Filsluse.self, besides: reason) {
      text = text.replacing(reason, with: unknown.message, maxReplacements: 1)
      reason = unknown.message
    } else if error is ValidationError {
      // A command that runs already is not known to the parser, which would show the usage of the root.
      let usage = "Usage: \(usageString(for: called))\n  See 'filsluse \(command) --help' for more information."
      text = "Error: \(reason)\n" + usage
    }
    return refuse(status, command, text, reason)
  }

  /// Reports wrong usage.
  ///
  /// - Parameters:
  ///   - text: the message with the usage of the command.
  ///   - reason: the message alone.
  private static func refuse(_ status: ExitStatus, _ command: String, _ text: String, _ reason: String) -> ExitStatus {
    let help = command == "filsluse" ? "filsluse --help" : "filsluse \(command) --help"
    let remedy =
      ParserText.remedy(in: reason) ?? LocalizedText("\(help) shows the usage", "\(help) viser brugen").shown
    tell(ParserText.error(text), ReportedError(ending: command, status, ParserText.error(reason), remedy: remedy))
    return status
  }

  /// Writes an error to standard error. With `--json` it is also on standard output, in place of a result.
  private static func tell(_ text: String, _ error: ReportedError) {
    Output.note(text)
    guard Output.isJSON, !Output.hasResult else { return }
    do { try Output.print(json: ["error": error]) } catch { Output.note("filsluse: \(error)") }
  }
}

extension ExitStatus {
  /// The status that the argument parser gives for an error that it does not know.
  fileprivate static let unforeseen = ExitStatus(rawValue: 1)
}
