/// The number of a page of a list.
package struct PageNumber: Sendable, Hashable {
  /// Counted from 1.
  package let number: Int
  /// The number of items on a page.
  package let size: Int

  /// Creates a page number; its size is limited to 200, and its number to that of the longest list.
  package init(_ number: Int = 1, size: Int = 50) {
    self.size = min(max(size, 1), 200)
    self.number = min(max(number, 1), 1_000_000)
  }

  /// The number of items before the page.
  var offset: Int { (number - 1) * size }
}

/// A page of a list.
package struct Paged<Item: Sendable>: Sendable {
  /// The items of the page; empty beyond the end.
  package var items: [Item]
  /// The number of all items.
  package var total: Int
  /// The number of the page.
  package var number: Int
  /// The number of items on a full page.
  package var size: Int

  /// Describes a page.
  package init(items: [Item], total: Int, number: Int = 1, size: Int = 50) {
    self.items = items
    self.total = total
    self.number = number
    self.size = size
  }

  /// Describes the page of that number.
  init(_ items: [Item], of total: Int, _ page: PageNumber) {
    self.init(items: items, total: total, number: page.number, size: page.size)
  }

  /// The number of pages, 1 at least.
  package var pages: Int { max(1, (total + size - 1) / size) }

  /// True if the list has no page of that number.
  package var isBeyondEnd: Bool { number > pages }

  /// Returns the page with other items.
  package func map<Other: Sendable>(_ change: (Item) throws -> Other) rethrows -> Paged<Other> {
    Paged<Other>(items: try items.map(change), total: total, number: number, size: size)
  }
}
