/// Links to pages whose addresses hold a name from the settings.
///
/// A name that would make an address longer than browsers and proxies take is shown without a link; it is found by a
/// search.
enum PageLink {
  /// The longest path that is linked to, in bytes.
  private static let longest = 600

  /// The name of an inbox, cut to a number of characters, as a link to its page.
  static func inbox(_ account: String, to limit: Int) -> Markup {
    link(PageAddress.inbox(account), Markup.text(Markup.cut(account, to: limit)))
  }

  /// The title of a row of the matrix as a link to its page.
  static func municipality(_ row: String, title: String, to limit: Int) -> Markup {
    link(PageAddress.municipality(row), Markup.text(Markup.cut(title, to: limit)))
  }

  /// True if a path is linked to.
  static func fits(_ path: String) -> Bool { path.utf8.count <= longest }

  private static func link(_ path: String, _ text: Markup) -> Markup {
    fits(path) ? "<a href=\"\(path)\">\(text)</a>" : text
  }
}
