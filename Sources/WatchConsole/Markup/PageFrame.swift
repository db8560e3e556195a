internal import FilsluseHTTP
internal import PickupWatch

/// The parts of the console, in the order of the navigation.
enum ConsoleArea: String, Sendable, Hashable, CaseIterable {
  case overview
  case alerts
  case matrix
  case trends
  case silences
  case search

  var path: String {
    switch self {
    case .overview: PageAddress.overview
    case .alerts: PageAddress.alerts
    case .matrix: PageAddress.matrix
    case .trends: PageAddress.trends
    case .silences: PageAddress.silences
    case .search: PageAddress.search
    }
  }

  func name(_ voice: PageVoice) -> String {
    switch self {
    case .overview: voice.say("Overblik", "Overview")
    case .alerts: voice.say("Alarmer", "Alerts")
    case .matrix: voice.say("Kommuner", "Municipalities")
    case .trends: voice.say("Udvikling", "Trends")
    case .silences: voice.say("Dæmpninger", "Silences")
    case .search: voice.say("Søg", "Search")
    }
  }
}

/// The frame of every page: title, style sheet, link past the navigation.
struct PageFrame {
  let voice: PageVoice
  let title: String
  /// The class of the body, which decides the layout.
  var layout: Markup = "page"

  func html(_ content: Markup) -> Markup {
    """
    <!DOCTYPE html>
    <html lang="\(voice.language.rawValue)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title) · Filsluse</title>
    <link rel="stylesheet" href="\(StyleSheet.path)">
    <link rel="icon" href="\(PageAddress.icon)" type="image/svg+xml">
    </head>
    <body class="\(layout)">
    \(content)
    </body>
    </html>

    """
  }

  /// A page of the console with its navigation.
  ///
  /// - Parameters:
  ///   - area: the part of the console that the page belongs to.
  ///   - main: the content under the heading, which is the title.
  func page(in area: ConsoleArea?, _ main: Markup) -> Markup {
    html(
      """
      \(top(area))
      <main id="main">
      <h1>\(title)</h1>
      \(main)
      </main>
      """)
  }

  /// The link past the navigation, the navigation, and the field for a search.
  func top(_ area: ConsoleArea?, skips: Markup? = nil) -> Markup {
    let links = ConsoleArea.allCases.map { other -> Markup in
      let current: Markup? = other == area ? " aria-current=\"page\"" : nil
      return "<a href=\"\(other.path)\"\(current)>\(other.name(voice))</a> "
    }
    return """
      <nav class="skips" aria-label="\(voice.say("Genveje på siden", "Shortcuts on the page"))">\
      <a href="#main">\(voice.say("Til indholdet", "Skip to content"))</a>\(skips)</nav>
      <header class="top"><span class="brand">Filsluse</span>
      <nav aria-label="\(voice.say("Konsollens sider", "Pages of the console"))">\(links)\
      <a href="\(PageAddress.wall)">\(voice.say("Vægskærm", "Wall"))</a></nav>
      <form class="find" role="search" method="post" action="\(PageAddress.search)">\
      <label class="unseen" for="find">\(voice.say("Søg efter filnavn, kommune, CVR eller UUID", "Search for a file name, municipality, CVR or UUID"))</label>\
      <input id="find" name="text" maxlength="\(ConsoleQueries.longestSearch)" autocomplete="off" placeholder="\(voice.say("Navn, kommune, CVR, UUID", "Name, municipality, CVR, UUID"))">\
      <button>\(voice.say("Søg", "Search"))</button></form></header>
      """
  }

  /// A page that says one thing and leads on.
  func message(_ words: String, to path: String, _ link: String) -> Markup {
    page(
      in: nil,
      """
      <div class="alone"><p>\(words)</p>\
      <p><a href="\(path)">\(link)</a></p></div>
      """)
  }

  /// The reason why the token that was given opens nothing.
  enum LoginTrouble: Sendable, Hashable {
    case wrong
    /// It was not looked at: there were too many wrong ones, and the next is looked at after so many seconds.
    case paused(seconds: Int)
  }

  /// A page that asks for the token.
  ///
  /// - Parameter path: the page that it leads on to.
  func login(_ trouble: LoginTrouble? = nil, to path: String = PageAddress.overview) -> Markup {
    let words: String? =
      switch trouble {
      case nil: nil
      case .wrong?:
        voice.say(
          "Det er ikke det rigtige adgangstegn. Det står i den fil, som overvågningen er startet med.",
          "That is not the right token. It stands in the file that the watcher was started with.")
      case .paused(let seconds)?:
        voice.say(
          "For mange forkerte adgangstegn. Prøv igen om \(voice.span(seconds)); indtil da ses der ikke på noget.",
          "Too many wrong tokens. Try again in \(voice.span(seconds)); none is looked at until then.")
      }
    let notice = words.map { words -> Markup in "<p class=\"notice\" id=\"wrong\" role=\"alert\">\(words)</p>" }
    let invalid: Markup? = trouble == .wrong ? " aria-invalid=\"true\"" : nil
    let next: Markup? = path == PageAddress.overview ? nil : "<input type=\"hidden\" name=\"to\" value=\"\(path)\">"
    let described = words.map { _ -> Markup in "\(invalid) aria-describedby=\"wrong\"" }
    return html(
      """
      <main id="main" class="alone"><h1>\(title)</h1>\(notice)
      <form method="post" action="\(PageAddress.login)"><input name="user" value="filsluse" autocomplete="username" hidden>\(next)<label for="token">\(voice.say("Adgangstegn", "Access token"))</label>
      <input id="token" name="token" type="password" autocomplete="current-password" required\(described)>
      <button>\(voice.say("Log på", "Log in"))</button></form></main>
      """)
  }
}

/// The picture in the browser's tab: a lock gate.
enum PageIcon {
  static let response = HTTPResponse(
    .ok, type: "image/svg+xml", headers: ["Cache-Control": "public, max-age=86400"],
    body: """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5673"/>\
      <path d="M3 4v8M13 4v8M3 8l5 3 5-3" fill="none" stroke="#fff" stroke-width="2"/></svg>

      """)
}
