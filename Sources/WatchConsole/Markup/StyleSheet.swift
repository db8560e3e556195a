internal import FilsluseBase
internal import FilsluseHTTP

/// The style sheet of all pages, at an address that changes with its content, so that browsers may keep it for ever.
enum StyleSheet {
  static let path = "/style-\(SHA256.digest(of: Array(css.utf8)).hex.prefix(16)).css"

  static let response = HTTPResponse(
    .ok, type: "text/css; charset=utf-8", headers: ["Cache-Control": "public, max-age=31536000, immutable"], body: css)

  static let css = colours + common + tables + overview + wall + media

  /// Colours keep a contrast of 4.5 to 1 to their ground, in the light and in the dark.
  private static let colours = """
    :root{color-scheme:light dark;--ground:#fbfaf8;--card:#fff;--ink:#1c2227;--soft:#545c63;--line:#d9d6d0;--track:#e6e3dd;
    --link:#1f5673;--critical:#b3201b;--warning:#8a5200;--calm:#1f6b45;--critical-ground:#fdecea;--warning-ground:#fdf3df;
    --calm-ground:#e9f4ed;--button:#1f5673;--button-ink:#fff}
    @media (prefers-color-scheme:dark){:root{--ground:#14181b;--card:#1c2226;--ink:#e8e6e1;--soft:#a9b0b5;--line:#363e44;
    --track:#343c42;--link:#8cc5e6;--critical:#ff9b92;--warning:#f0be5c;--calm:#83cfa2;--critical-ground:#3a1b1a;
    --warning-ground:#33280f;--calm-ground:#15291e;--button:#8cc5e6;--button-ink:#10181d}}

    """

  private static let common = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:80rem;padding:0 1.25rem 2rem;background:var(--ground);color:var(--ink);
    font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;
    overflow-wrap:anywhere}
    h1,h2,h3,p,ol,ul,dl,dd,figure{margin:0;padding:0}
    h1{font-size:1.6rem;line-height:1.3;margin-top:1rem}
    h2{font-size:1.15rem;line-height:1.3;margin:1.75rem 0 .5rem}
    h3{font-size:1rem;line-height:1.4}
    a{color:var(--link);text-underline-offset:.15em}
    :focus-visible{outline:3px solid var(--link);outline-offset:1px;border-radius:3px}
    small{font-size:.9em;color:var(--soft);font-weight:400}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;font-size:.9em}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    .skips a{position:absolute;left:-99rem;top:0;padding:.5rem 1rem;background:var(--card);z-index:1}
    .skips a:focus{left:0}
    .quiet,.more,.about,caption,.key,.pager{color:var(--soft)}
    .about,.key,.pager{font-size:.9rem}
    .mark{font-style:normal;font-weight:700;display:inline-block;min-width:1.2em}
    .critical,b.critical,i.critical{color:var(--critical)}.warning,b.warning,i.warning{color:var(--warning)}
    .calm,b.calm,i.calm{color:var(--calm)}.off,.unknown,.open{color:var(--soft)}
    .top{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:center;padding:.35rem 0;border-bottom:1px solid var(--line)}
    .top nav{flex:1 1 auto}.top nav a{display:inline-block;padding:.2rem .6rem .2rem 0}
    .top a[aria-current]{color:var(--ink);font-weight:700;text-decoration:none}
    .brand{font-weight:700}
    .find{display:flex;gap:.4rem}.find input{min-height:1.9rem;width:18rem;padding:.1rem .5rem}
    .find button{min-height:1.9rem;padding:.1rem .8rem;white-space:nowrap}
    input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:5px;
    min-height:2.25rem;padding:.2rem .5rem;max-width:100%}
    input[type=checkbox],input[type=radio]{min-height:0;width:1.1rem;height:1.1rem;vertical-align:-.15rem;accent-color:var(--button)}
    ::placeholder{color:var(--soft);opacity:1}
    button{min-height:2.25rem;padding:.3rem 1rem;border:0;border-radius:5px;background:var(--button);color:var(--button-ink);
    font:inherit;font-weight:600;cursor:pointer}
    .act,.filter{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.75rem 0}
    .act{padding:.75rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:6px}
    .field{max-width:100%}.field label{display:block;font-size:.9rem;font-weight:600}.field.wide{flex:1 1 18rem}.field.wide input{width:100%}
    .act fieldset{border:0;margin:0;padding:0;flex:1 1 100%}.act legend{font-weight:600;font-size:.9rem;padding:0}
    .act fieldset label{display:block;padding:.15rem 0}
    .notice{margin:.5rem 0;padding:.4rem .75rem;border-left:4px solid var(--warning);background:var(--card)}
    .notice ul{padding-left:1.2rem}.notice.calm{border-left-color:var(--calm);color:var(--ink)}
    .facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.75rem 0}
    .facts dt{color:var(--soft)}
    .life{list-style:none;border-left:2px solid var(--line);padding-left:1rem}.life li{padding:.15rem 0}
    .life time{display:inline-block;min-width:9.5rem;color:var(--soft)}
    .two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:0 2rem}
    .pager{padding:.5rem 0}
    .key span{margin-right:1rem;white-space:nowrap}
    .alone{max-width:30rem;margin:2rem auto}.alone p{margin-top:.75rem}
    .alone label{display:block;margin-top:1rem;font-weight:600}.alone input{width:100%;margin:.25rem 0 1rem}
    .name{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;font-size:.95em}
    .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1.5rem 2rem;margin-top:1rem}
    figcaption p{font-size:.9rem;color:var(--soft)}
    figure svg{display:block;width:100%;margin-top:.4rem}figure text{font-size:10.5px;fill:var(--soft)}
    .axis{stroke:var(--line)}path.limit{stroke:var(--critical);stroke-width:1.5;stroke-dasharray:5 3}
    .stem{stroke:var(--link);stroke-width:2.5;opacity:.75}path.stem.over{stroke:var(--critical);opacity:1}
    .dots{stroke:var(--link);stroke-width:4.5;stroke-linecap:round}.band{fill:var(--track)}.beyond{fill:var(--critical)}
    .key .dot{display:inline-block;width:.55rem;height:.55rem;border-radius:50%;background:var(--link)}
    .key .line{display:inline-block;vertical-align:middle;width:.2rem;height:1rem;background:var(--link)}
    .key .dash{display:inline-block;vertical-align:middle;width:1rem;border-top:2px dashed var(--critical)}
    .key .gap{display:inline-block;vertical-align:middle;width:1rem;height:.9rem;background:var(--track)}
    details{margin-top:.5rem}summary{cursor:pointer;color:var(--link);padding:.2rem 0}

    """

  private static let tables = """
    table{width:100%;border-collapse:collapse}
    caption{text-align:left;font-size:.9rem;padding-bottom:.25rem}
    th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-top:1px solid var(--line)}
    thead th{font-size:.85rem;font-weight:600;color:var(--soft);border-top:0}
    tbody th{font-weight:600}
    .number{text-align:right}
    .wide-table{overflow-x:auto;position:relative}
    .matrix th,.matrix td,.inboxes th,.inboxes td{border:0;padding:0 .4rem 0 0;white-space:nowrap;overflow:hidden;
    text-overflow:ellipsis}
    .inboxes,.matrix{table-layout:fixed}
    .inboxes tbody th,.matrix tbody th{font-weight:400}
    .inboxes tbody tr:nth-child(even),.matrix tbody tr:nth-child(even){background:var(--card)}
    .inboxes th:nth-child(2),.inboxes td:nth-child(2){width:3.4rem;text-align:right;padding-right:.8rem}
    .inboxes thead span{font-size:.85em}
    .inboxes th:nth-child(3){width:44%}
    .matrix th:first-child{width:9rem}.matrix thead th+th,.matrix td{width:1.6rem;text-align:center;padding:0}
    .matrix td{font-weight:700;border:1px solid var(--ground);border-width:0 1px}
    .matrix td a{display:block;color:inherit;text-decoration:none}
    .matrix td a:focus-visible{outline-offset:-3px}
    .inboxes a:focus-visible,.matrix th a:focus-visible,.groups a:focus-visible{outline-width:2px;outline-offset:-1px}
    td.calm{background:var(--calm-ground);color:var(--calm)}
    td.warning{background:var(--warning-ground);color:var(--warning);box-shadow:inset 0 -2px var(--warning)}
    td.critical{background:var(--critical);color:var(--ground)}
    td.open{background:var(--track);color:var(--ink)}
    td.unknown{color:var(--soft);box-shadow:inset 0 0 0 1px var(--soft)}
    .columns{display:flex;flex-wrap:wrap;gap:0 1.25rem;align-items:flex-start}
    .columns>table{flex:1 1 17rem;width:auto;min-width:0}

    """

  private static let overview = """
    .overview{max-width:none;padding:0 1rem .5rem}
    .overview main{font-size:.8rem;line-height:1.4}
    .summary{display:flex;flex-wrap:wrap;gap:0 1.5rem;align-items:baseline;margin:0 -1rem;padding:.3rem 1rem;color:var(--ink);
    border-bottom:1px solid var(--line)}
    .summary.critical{background:var(--critical-ground)}.summary.warning{background:var(--warning-ground)}
    .summary.calm{background:var(--calm-ground)}
    .summary h1{font-size:1.3rem;margin:0}
    .summary.critical h1{color:var(--critical)}.summary.warning h1{color:var(--warning)}.summary.calm h1{color:var(--calm)}
    .overview h2{font-size:.95rem;margin:.4rem 0 .2rem}
    .overview thead th{font-size:.75rem}
    .board{display:grid;grid-template-columns:minmax(0,1fr);gap:0 1.25rem}
    .groups{list-style:none}
    .groups li{padding:.2rem .5rem;margin-bottom:.25rem;background:var(--card);border-left:4px solid var(--soft);color:var(--ink)}
    .groups li.critical{border-left-color:var(--critical)}.groups li.warning{border-left-color:var(--warning)}
    .groups small{display:block}
    .groups.dense li{padding:.05rem .5rem;margin-bottom:.1rem}.groups.dense small{display:inline}
    .overview .about{margin-top:.4rem;font-size:.75rem}

    """

  private static let wall = """
    .wall{margin:0;padding:0;max-width:none;height:100vh;overflow:hidden}
    .wall main{height:100vh;display:grid;grid-template-rows:auto minmax(0,1fr) auto auto auto;gap:1.5vh;padding:2.5vh 2.5vw;
    color:var(--ink)}
    .wall main.critical{background:var(--critical-ground)}.wall main.warning{background:var(--warning-ground)}
    .wall main.calm{background:var(--calm-ground)}
    .wall h1{font-size:min(8vh,5vw);line-height:1.1;margin:0}
    .wall main.critical h1{color:var(--critical)}.wall main.warning h1{color:var(--warning)}
    .wall main.calm h1{color:var(--calm)}
    .wall ol{list-style:none;overflow:hidden;font-size:min(5.5vh,3vw);line-height:1.6}
    .wall li{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;color:var(--ink)}
    .tiles{display:flex;flex-wrap:wrap;gap:.5vh}.tiles i{width:2.4vh;height:2.4vh;border:.3vh solid currentColor}
    .tiles i.critical,.tiles i.warning{background:currentColor}
    .counts,.wall .facts{display:block;margin:0;font-size:min(3.4vh,2vw);line-height:1.3}

    """

  private static let media = """
    @media (min-width:90rem){
    .board{grid-template-columns:minmax(0,26fr) minmax(0,37fr) minmax(0,37fr)}
    .groups li,.groups small{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}
    @media screen and (min-width:90rem) and (min-height:50rem){
    .first{position:relative;max-height:calc(100vh - 8.5rem);overflow-y:auto}}
    @media (max-width:40rem){body,.overview{padding:0 1rem 2rem}h1{font-size:1.4rem}
    .overview main{font-size:1rem}.top nav a{padding:.5rem .75rem .5rem 0}.find,.find input{width:100%}
    .inboxes th,.inboxes td,.matrix th,.matrix td{line-height:2.2}
    .facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.4rem}
    .list thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
    .list,.list tbody,.list tr,.list th,.list td{display:block}.list caption{display:block}
    .list tr{border-top:1px solid var(--line);padding:.5rem 0}.list th,.list td{border:0;padding:0}
    .act button,.filter button{width:100%}.life time{display:block;min-width:0}}
    @media print{body{--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--critical:#900;--warning:#630;--calm:#042;
    --critical-ground:#fff;--warning-ground:#fff;--calm-ground:#fff;max-width:none;background:#fff;color:#000;font-size:9pt}
    .act,.filter,.find,form,input,button,.top nav,.skips,.pager a,h2 small,details:not([open]){display:none}
    tr,li,figure{break-inside:avoid}a{color:inherit;text-decoration:none}
    td.critical{background:#fff;color:#900;box-shadow:inset 0 0 0 2px #900}}

    """
}
