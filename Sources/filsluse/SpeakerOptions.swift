import ArgumentParser
import Glibc

/// The option for the acting person.
struct SpeakerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who says so; the running user unless given.", "Hvem der siger det; den kørende bruger, hvis intet er angivet.",
      valueName: "name"))
  var by: String?

  /// The name of the acting person: the given one, or that of the running user.
  var name: String { by ?? RunningUser.name() }

  func validate() throws {
    if let by { try Remark.check(by, as: "--by") }
  }
}

/// The person running the command, unless an option names another.
enum RunningUser {
  /// Returns the first of these that is valid on one line: the user who called `sudo`, the logged-in user, the name in
  /// the system's user database; or else the user's number.
  ///
  /// - Parameter environment: returns a variable of the environment.
  static func name(
    environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
  ) -> String {
    for variable in ["SUDO_USER", "LOGNAME", "USER"] {
      if let name = environment(variable), Remark.isSound(name) { return name }
    }
    let registered = getpwuid(getuid())?.pointee.pw_name.map { String(cString: $0) }
    if let registered, Remark.isSound(registered) { return registered }
    return "user \(getuid())"
  }
}

/// Words that people leave behind: on one line and not endless.
enum Remark {
  static func isSound(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } && (1...500).contains(text.utf8.count)
  }

  static func check(_ text: String, as option: String) throws {
    guard isSound(text) else {
      throw ValidationError(
        "\(option) takes 1 to 500 bytes of text on one line", "\(option) tager 1 til 500 byte tekst på én linje")
    }
  }
}
