/// An age against its limit as a bar. The words beside it say the same, so it is hidden from screen readers.
struct AgeBar {
  let age: Int
  let warnAt: Int?
  let limit: Int

  /// The position of the limit: a longer age goes past it, up to the bar's end.
  private static let limitAt = 80

  func svg() -> Markup {
    let width = limit > 0 ? min(max(age, 0) * Self.limitAt / limit, 100) : 100
    let state: Markup = age > limit ? "critical" : warnAt.map { age >= $0 } == true ? "warning" : "calm"
    return """
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\
      <rect class="track" width="100" height="8" rx="1"/><rect class="\(state)" width="\(width)" height="8" rx="1"/>\
      <path class="limit" d="M\(Self.limitAt) 0v8"/></svg>
      """
  }
}
