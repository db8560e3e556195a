internal import FilsluseBase
internal import FilsluseHTTP

/// The page's style sheet, at an address that changes with its content, so that browsers may keep it for ever.
enum StyleSheet {
  static let path = "/style-\(SHA256.digest(of: Array(css.utf8)).hex.prefix(16)).css"

  static let response = HTTPResponse(
    .ok, type: "text/css; charset=utf-8", headers: ["Cache-Control": "public, max-age=31536000, immutable"], body: css)

  /// Colours keep a contrast of 4.5 to 1 to their ground, in the light and in the dark.
  static let css = """
    :root{color-scheme:light dark;--ground:#fbfaf8;--card:#fff;--ink:#1c2227;--soft:#545c63;--line:#d9d6d0;--track:#e6e3dd;
    --link:#1f5673;--critical:#b3201b;--warning:#8a5200;--calm:#1f6b45;--critical-ground:#fdecea;--warning-ground:#fdf3df;
    --calm-ground:#e9f4ed;--button:#1f5673;--button-ink:#fff}
    @media (prefers-color-scheme:dark){:root{--ground:#14181b;--card:#1c2226;--ink:#e8e6e1;--soft:#a9b0b5;--line:#363e44;
    --track:#343c42;--link:#8cc5e6;--critical:#ff9b92;--warning:#f0be5c;--calm:#83cfa2;--critical-ground:#3a1b1a;
    --warning-ground:#33280f;--calm-ground:#15291e;--button:#8cc5e6;--button-ink:#10181d}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:72rem;padding:0 1.25rem 3rem;background:var(--ground);color:var(--ink);
    font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;
    overflow-wrap:anywhere}
    h1,h2,h3,p,ol,ul,figure{margin:0;padding:0}
    h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.01em}
    h2{font-size:1.2rem;line-height:1.3;margin:2.5rem 0 .75rem}
    h3{font-size:1rem;line-height:1.4}
    a{color:var(--link);text-underline-offset:.15em}
    :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
    small{display:block;font-size:.85rem;color:var(--soft);font-weight:400}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;font-size:.9em}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    .skip{position:absolute;left:-99rem;top:0;padding:.5rem 1rem;background:var(--card)}
    .skip:focus{left:0;z-index:1}
    .quiet,.more,.about,.site,caption,.key,footer{color:var(--soft)}
    b.critical{color:var(--critical)}b.warning{color:var(--warning)}
    .verdict{margin:0 -1.25rem;padding:1.1rem 1.25rem 1.25rem;border-bottom:1px solid var(--line)}
    .verdict.critical{background:var(--critical-ground)}.verdict.warning{background:var(--warning-ground)}
    .verdict.calm{background:var(--calm-ground)}
    .verdict.critical h1{color:var(--critical)}.verdict.warning h1{color:var(--warning)}.verdict.calm h1{color:var(--calm)}
    .verdict .site,.verdict p{color:var(--ink)}.verdict .site{font-size:.9rem}
    .notice{margin-top:.75rem;padding:.6rem .9rem;border-left:4px solid var(--warning);background:var(--card)}
    .notice ul{padding-left:1.2rem}
    .alerts{list-style:none;display:grid;gap:.75rem}
    .alerts li{display:flex;gap:1.25rem;align-items:flex-start;justify-content:space-between;padding:.9rem 1rem;
    background:var(--card);border:1px solid var(--line);border-left:6px solid var(--soft);border-radius:6px}
    .alerts li:target{outline:2px solid var(--link)}
    .alerts li.critical{border-left-color:var(--critical)}.alerts li.warning{border-left-color:var(--warning)}
    .alerts p{margin-top:.3rem;max-width:46rem}
    .about{font-size:.9rem}.about b{color:var(--ink)}main>.notice{margin-top:1.5rem}
    .tag{font-size:.8rem;font-weight:700;letter-spacing:.03em;text-transform:uppercase;margin-right:.3rem}
    .critical .tag{color:var(--critical)}.warning .tag{color:var(--warning)}.calm .tag{color:var(--calm)}
    .ask{color:var(--soft)}
    button{min-height:2.75rem;padding:.4rem 1.1rem;border:0;border-radius:6px;background:var(--button);color:var(--button-ink);
    font:inherit;font-weight:600;cursor:pointer}
    details{margin-top:.75rem}summary{cursor:pointer;color:var(--link);padding:.4rem 0}
    details>ol,details>table,details>ul{margin-top:.25rem}
    table{width:100%;border-collapse:collapse}
    caption{text-align:left;font-size:.9rem;padding-bottom:.5rem}
    th,td{text-align:left;vertical-align:top;padding:.55rem .75rem .55rem 0;border-top:1px solid var(--line)}
    thead th{font-size:.85rem;font-weight:600;color:var(--soft);border-top:0;padding-top:0}
    tbody th{font-weight:600}
    .inboxes{table-layout:fixed}.inboxes th:first-child{width:38%}.inboxes th:nth-child(2){width:16%}
    .inboxes td:last-child,.exchanges td:last-child{padding-right:0}
    .bar{display:block;width:100%;height:.7rem;margin:.3rem 0 .25rem}
    .bar .track{fill:var(--track)}.bar .critical{fill:var(--critical)}.bar .warning{fill:var(--warning)}
    .bar .calm{fill:var(--calm)}.bar .limit{stroke:var(--ink);stroke-width:2;vector-effect:non-scaling-stroke}
    .columns{columns:14rem;list-style:none}.columns small{display:inline}
    .strip{table-layout:fixed}.strip caption{line-height:1.9}
    .strip caption span{white-space:nowrap;margin-right:1rem}
    .strip th,.strip td{padding:0;border:0}
    .strip thead th{text-align:center;line-height:1.3;padding-bottom:.25rem}
    .strip tbody th{padding:.75rem 0 .3rem}.strip tbody th small{display:inline}.strip tbody th b{display:block;font-size:.9rem}
    .strip td,.strip i{text-align:center;font-style:normal;font-weight:700;border:1px solid var(--ground);border-radius:4px}
    .strip td{height:1.9rem;vertical-align:middle}
    .strip i{display:inline-block;min-width:1.6rem;line-height:1.5}
    td.calm,i.calm{background:var(--calm-ground);color:var(--calm)}
    td.warning,i.warning{background:var(--warning-ground);color:var(--warning);box-shadow:inset 0 -3px var(--warning)}
    td.critical,i.critical{background:var(--critical);color:var(--ground)}
    td.open,i.open{background:var(--track);color:var(--ink)}
    td.off,i.off{color:var(--soft)}
    td.unknown,i.unknown{color:var(--soft);box-shadow:inset 0 0 0 1px var(--soft)}
    .key span{margin-right:1rem;white-space:nowrap}
    .key i{display:inline-block;vertical-align:middle;width:1rem}
    .key .dot{width:.55rem;height:.55rem;border-radius:50%;background:var(--link)}
    .key .stem{width:.2rem;height:1rem;background:var(--link);opacity:.75}
    .key .dash{border-top:2px dashed var(--critical)}.key .band{height:.9rem;background:var(--track)}
    .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1.75rem 2rem;margin-top:1rem}
    figcaption small{display:block}figcaption p{font-size:.9rem;color:var(--soft);min-height:2.7em}
    figure svg{display:block;width:100%;margin-top:.4rem}
    figure text{font-size:10.5px;fill:var(--soft)}
    .axis{stroke:var(--line)}path.limit{stroke:var(--critical);stroke-width:1.5}figure .limit{stroke-dasharray:5 3}
    .stem{stroke:var(--link);stroke-width:3;opacity:.75}path.stem.over{stroke:var(--critical);opacity:1}
    .dots{stroke:var(--link);stroke-width:5.5;stroke-linecap:round}.band{fill:var(--track)}.beyond{fill:var(--critical)}
    figure details{margin-top:.25rem;font-size:.9rem}figure th,figure td{padding:.2rem .5rem .2rem 0}
    .exchanges td:first-child{white-space:nowrap}.exchanges th{font-weight:400}.way{font-weight:700}
    footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9rem}
    footer nav a{display:inline-block;padding:.5rem 1.25rem .5rem 0}
    .alone{max-width:26rem;margin:3rem auto}.alone p{margin-top:.75rem}
    .alone label{display:block;margin-top:1rem;font-weight:600}
    .alone input{width:100%;min-height:2.75rem;margin:.25rem 0 1rem;padding:.4rem .6rem;font:inherit;color:inherit;
    background:var(--card);border:1px solid var(--soft);border-radius:6px}
    @media (max-width:40rem){body{padding:0 1rem 2rem}.verdict{margin:0 -1rem;padding:1rem}h1{font-size:1.6rem}
    .alerts li{display:block}.alerts form{margin-top:.75rem}.alerts button{width:100%}
    .inboxes tbody,.exchanges tbody,.inboxes caption,.exchanges caption{display:block}
    .inboxes thead,.exchanges thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
    .inboxes tr,.exchanges tr{display:grid;grid-template-columns:1fr auto;gap:.15rem 1rem;padding:.7rem 0;
    border-top:1px solid var(--line)}
    .inboxes th:first-child,.inboxes th,.inboxes td,.exchanges th,.exchanges td{width:auto;border:0;padding:0}
    .inboxes td:nth-child(2),.exchanges td:last-child{text-align:right}
    .inboxes td:last-child,.exchanges tbody th{grid-column:1/-1}
    .exchanges tbody th{grid-row:2}}
    @media print{.alerts form,footer nav,.skip{display:none}}

    """
}
