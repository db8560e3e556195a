/// The picture in the browser's tab: a lock gate.
enum PageIcon {
  static let response = HTTPResponse(
    .ok, type: "image/svg+xml", headers: ["Cache-Control": "public, max-age=86400"],
    body: """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5673"/>\
      <path d="M3 4v8M13 4v8M3 8l5 3 5-3" fill="none" stroke="#fff" stroke-width="2"/></svg>

      """)
}
