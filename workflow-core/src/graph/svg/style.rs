//! Colours and fonts, for light and dark pages, and the heads of the arrows.
//!
//! Every rule begins with the class of the document, so that it touches nothing else on a page that holds the picture.

pub(super) const HEAD: &str = r#"<style>
.workflow text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.workflow .canvas { fill: #ffffff; }
.workflow .workflow-name { font-size: 18px; font-weight: 650; fill: #0f172a; }
.workflow .body { fill: #ffffff; stroke: #cbd5e1; stroke-width: 1.2; }
.workflow .sheet { fill: #f8fafc; stroke: #cbd5e1; stroke-width: 1.2; }
.workflow .holder > .body { fill: #f8fafc; }
.workflow .frame { fill: #ffffff; stroke: #cbd5e1; stroke-dasharray: 4 4; }
.workflow .frame-name { font-size: 11px; font-weight: 600; fill: #64748b; }
.workflow .kind { font-size: 10px; font-weight: 700; letter-spacing: .06em; text-transform: uppercase; }
.workflow .name { font-size: 14px; font-weight: 600; fill: #0f172a; }
.workflow .about { font-size: 11px; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #64748b; }
.workflow .retry { font-size: 10px; font-weight: 600; fill: #64748b; text-anchor: end; }
.workflow .icon { fill: none; stroke: #ffffff; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.workflow .wire { fill: none; stroke: #94a3b8; stroke-width: 1.6; marker-end: url(#workflow-head); }
.workflow .wire.catch { stroke: #e11d48; stroke-dasharray: 6 4; marker-end: url(#workflow-head-catch); }
.workflow .head { fill: #94a3b8; }
.workflow .head.catch { fill: #e11d48; }
.workflow .label rect { fill: #ffffff; stroke: #e2e8f0; }
.workflow .label text { font-size: 11px; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #334155; text-anchor: middle; }
.workflow .label.default text { fill: #64748b; font-style: italic; }
.workflow .label.catch rect { stroke: #fecdd3; }
.workflow .label.catch text { fill: #be123c; }
.workflow .dot { fill: #334155; }
.workflow .ring { fill: #ffffff; stroke: #334155; stroke-width: 2; }
.workflow .Task > g > .tile { fill: #2563eb; } .workflow .Task > .kind { fill: #2563eb; }
.workflow .Choice > g > .tile { fill: #d97706; } .workflow .Choice > .kind { fill: #b45309; }
.workflow .Parallel > g > .tile { fill: #7c3aed; } .workflow .Parallel > .kind { fill: #7c3aed; }
.workflow .Map > g > .tile { fill: #0d9488; } .workflow .Map > .kind { fill: #0f766e; }
.workflow .Wait > g > .tile { fill: #0891b2; } .workflow .Wait > .kind { fill: #0e7490; }
.workflow .Pass > g > .tile { fill: #64748b; } .workflow .Pass > .kind { fill: #64748b; }
.workflow .Succeed > g > .tile { fill: #16a34a; } .workflow .Succeed > .kind { fill: #15803d; }
.workflow .Fail > g > .tile { fill: #dc2626; } .workflow .Fail > .kind { fill: #dc2626; }
@media (prefers-color-scheme: dark) {
.workflow .canvas { fill: #0d1117; }
.workflow .workflow-name, .workflow .name { fill: #e6edf3; }
.workflow .body { fill: #161b22; stroke: #3d444d; }
.workflow .sheet { fill: #12161d; stroke: #3d444d; }
.workflow .holder > .body { fill: #12161d; }
.workflow .frame { fill: #0d1117; stroke: #3d444d; }
.workflow .frame-name, .workflow .about, .workflow .retry { fill: #9aa4b2; }
.workflow .wire { stroke: #6b7785; }
.workflow .wire.catch { stroke: #fb7185; }
.workflow .head { fill: #6b7785; }
.workflow .head.catch { fill: #fb7185; }
.workflow .label rect { fill: #0d1117; stroke: #30363d; }
.workflow .label text { fill: #c9d1d9; }
.workflow .label.default text { fill: #9aa4b2; }
.workflow .label.catch rect { stroke: #7f1d3a; }
.workflow .label.catch text { fill: #fda4af; }
.workflow .dot { fill: #c9d1d9; }
.workflow .ring { fill: #0d1117; stroke: #c9d1d9; }
.workflow .Task > .kind { fill: #7aa7ff; }
.workflow .Choice > .kind { fill: #f0b429; }
.workflow .Parallel > .kind { fill: #b197fc; }
.workflow .Map > .kind { fill: #4fd1c5; }
.workflow .Wait > .kind { fill: #67d8ef; }
.workflow .Pass > .kind { fill: #9aa4b2; }
.workflow .Succeed > .kind { fill: #56d364; }
.workflow .Fail > .kind { fill: #ff8f8f; }
}
</style>
<defs>
<marker id="workflow-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0.5 L10 5 L0 9.5 Z"/></marker>
<marker id="workflow-head-catch" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head catch" d="M0 0.5 L10 5 L0 9.5 Z"/></marker>
</defs>
"#;
