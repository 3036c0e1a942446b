/// How the page looks, in the light and in the dark.
enum ReportStyle {
  static let sheet = """
    :root {
      --paper: #f7f8fa; --card: #ffffff; --ink: #1d2939; --faint: #667085; --line: #e4e7ec;
      --train: #2563eb; --validation: #059669; --test: #ea580c; --other: #7c3aed;
      --hit: #2563eb; --miss: #ea580c;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #101418; --card: #181d23; --ink: #e6e9ee; --faint: #98a2b3; --line: #2b323b;
        --train: #7aa7ff; --validation: #4cc79a; --test: #ff9a5c; --other: #b794ff;
        --hit: #5a8df5; --miss: #f0803c;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 1180px; padding: 32px 24px 48px; background: var(--paper);
      color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    }
    h1 { margin: 0; font-size: 30px; letter-spacing: -.01em; overflow-wrap: anywhere; }
    h2 { margin: 0 0 4px; font-size: 18px; }
    header p { margin: 4px 0 24px; color: var(--faint); overflow-wrap: anywhere; }
    code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    .note { margin: 0 0 14px; color: var(--faint); font-size: 13.5px; }
    section:not(.tiles), details {
      margin: 0 0 20px; padding: 20px 22px; background: var(--card); border: 1px solid var(--line);
      border-radius: 12px;
    }
    .tiles {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px;
      margin: 0 0 20px;
    }
    .tile {
      padding: 14px 16px; background: var(--card); border: 1px solid var(--line);
      border-radius: 12px;
    }
    .tile span, .tile small { display: block; color: var(--faint); font-size: 13px; }
    .tile strong { display: block; font-size: 23px; line-height: 1.35; white-space: nowrap;
      font-variant-numeric: tabular-nums; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr));
      gap: 20px; }
    figure { margin: 0; }
    .chart { display: block; width: 100%; height: auto; }
    .chart text { fill: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
    .chart .title { fill: var(--ink); font-size: 15px; font-weight: 600; }
    .chart .legend { fill: var(--ink); font-size: 13px; }
    .grid { stroke: var(--line); }
    .axis { stroke: var(--faint); stroke-opacity: .6; }
    .curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
    .dot { stroke: var(--card); stroke-width: 1.4; }
    .curve.train { stroke: var(--train); } .dot.train { fill: var(--train); }
    .curve.validation { stroke: var(--validation); } .dot.validation { fill: var(--validation); }
    .curve.test { stroke: var(--test); } .dot.test { fill: var(--test); }
    .curve.other { stroke: var(--other); } .dot.other { fill: var(--other); }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th { font-weight: 500; text-align: left; }
    .confusions { display: flex; flex-wrap: wrap; gap: 16px 56px; align-items: flex-end; }
    .confusion { font-size: 13px; }
    .confusion th[scope=row] { padding-right: 10px; text-align: right; white-space: nowrap; }
    .confusion th[scope=col] { height: 92px; padding: 0; vertical-align: bottom; }
    .confusion th[scope=col] span {
      display: block; width: 44px; white-space: nowrap; transform-origin: 8px 100%;
      transform: translateX(16px) rotate(-42deg);
    }
    .confusion td { width: 44px; height: 34px; padding: 0; text-align: center;
      border: 2px solid var(--card); border-radius: 6px; }
    .confusion .hit { background: color-mix(in srgb, var(--hit) var(--shade), transparent); }
    .confusion .miss { background: color-mix(in srgb, var(--miss) var(--shade), transparent); }
    .confusion .none { color: var(--line); }
    .confusion .sum { width: 66px; padding-left: 10px; color: var(--faint); }
    .mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(122px, 1fr));
      gap: 18px 12px; }
    .mistakes figure { font-size: 13px; line-height: 1.4; text-align: center; }
    .mistakes img { width: 96px; height: 96px; object-fit: contain; border-radius: 8px;
      background: #000; image-rendering: pixelated; }
    .mistakes figcaption { overflow-wrap: anywhere; margin-top: 4px; }
    .mistakes small { color: var(--faint); }
    .filters { display: grid; grid-template-columns: repeat(auto-fill, 52px); gap: 6px; }
    .filters img { width: 52px; height: 52px; border-radius: 4px; image-rendering: pixelated; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
      gap: 20px; align-items: start; }
    .facts { width: 100%; }
    .facts th, .facts td { padding: 3px 0; border-bottom: 1px solid var(--line); }
    .facts tr:last-child > * { border-bottom: 0; }
    .facts td { text-align: right; overflow-wrap: anywhere; }
    .facts .usual { color: var(--faint); }
    .numbers { font-size: 13.5px; }
    .numbers th, .numbers td { padding: 4px 18px 4px 0; white-space: nowrap; }
    .numbers th { color: var(--faint); }
    .numbers .best td { font-weight: 600; }
    summary { cursor: pointer; font-size: 18px; font-weight: 600; }
    details[open] summary { margin-bottom: 12px; }
    pre { margin: 0; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    footer { color: var(--faint); font-size: 13px; }
    @media print { body { background: none; } section, details { break-inside: avoid; } }
    """
}
