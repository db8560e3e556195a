internal import FilsluseHTTP

/// The frame of every page.
struct PageFrame {
  let voice: PageVoice
  let title: String

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
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    </head>
    <body>
    <a class="skip" href="#main">\(voice.say("Til indholdet", "Skip to content"))</a>
    \(content)
    </body>
    </html>

    """
  }

  /// A page that says one thing and leads back.
  func message(_ words: String) -> Markup {
    html(
      """
      <main id="main" class="alone"><h1>\(title)</h1><p>\(words)</p>\
      <p><a href="/">\(voice.say("Til statussiden", "To the status page"))</a></p></main>
      """)
  }

  /// A page that asks for the token.
  func login(wrong: Bool) -> Markup {
    let trouble: Markup? =
      wrong
      ? """
      <p class="notice" id="wrong" role="alert">\(voice.say("Det er ikke den rigtige adgangsnøgle. Den står i filen, som indstillingerne peger på.", "That is not the right token. It stands in the file that the settings name."))</p>
      """ : nil
    let described: Markup? = wrong ? " aria-invalid=\"true\" aria-describedby=\"wrong\"" : nil
    return html(
      """
      <main id="main" class="alone"><h1>\(title)</h1>\(trouble)
      <form method="post" action="/login"><input name="user" value="filsluse" autocomplete="username" hidden><label for="token">\(voice.say("Adgangsnøgle", "Access token"))</label>
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
