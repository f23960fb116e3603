/** The looks of the report. No font, image or sheet from elsewhere; light or dark as the reader's system is. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2130;--soft:#5b6474;--line:#e1e5eb;--good:#12704a;--doubtful:#8a5a00;--bad:#b3261e;
--good-tint:#e3f4ec;--doubtful-tint:#fdf1d7;--bad-tint:#fce8e6;
--s1:#1f9d70;--s2:#2f6fde;--s3:#d18a00;--s4:#8a5cd6;--s5:#0f9bb0;--s6:#d1579d;--s7:#7b8594;--s8:#d03a2f}
@media (prefers-color-scheme:dark){:root{--page:#10141b;--card:#181e28;--ink:#e6eaf1;--soft:#98a2b3;--line:#2a3240;--good:#5fd3a2;--doubtful:#f0bd5a;--bad:#ff8b82;
--good-tint:#12301f;--doubtful-tint:#332710;--bad-tint:#3a1a18;
--s1:#3fbf91;--s2:#6ea1ff;--s3:#eab04a;--s4:#b08cf0;--s5:#45c4d8;--s6:#ee86bf;--s7:#98a2b3;--s8:#ff766c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:1180px;margin:0 auto;padding:24px 16px 40px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 4px}
h2{font-size:1.1rem;margin:36px 0 10px}
h2+p{margin:-6px 0 10px}
h3{font-size:.9rem;font-weight:600;margin:0}
p{margin:0}
.soft,small{color:var(--soft)}
small{font-size:.8rem}
code{font:.86em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.verdict{margin:20px 0 0;padding:14px 18px;border-radius:10px;border-left:5px solid}
.verdict.good{background:var(--good-tint);border-color:var(--good)}
.verdict.doubtful{background:var(--doubtful-tint);border-color:var(--doubtful)}
.verdict.bad{background:var(--bad-tint);border-color:var(--bad)}
.verdict b{font-size:1.15rem}
.good b,.met{color:var(--good)}.doubtful b{color:var(--doubtful)}.bad b,.missed{color:var(--bad)}
.missed{font-weight:600}
.verdict ul{margin:8px 0 0;padding-left:20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(108px,1fr));gap:10px;margin:16px 0 0}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
.tile{padding:10px 12px}
.tile strong{display:block;font-size:1.2rem;line-height:1.35;font-weight:650;white-space:nowrap}
.tile span{display:block;color:var(--soft);font-size:.8rem;line-height:1.3}
.tile.bad strong{color:var(--bad)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:12px}
.card{padding:12px 14px}
.charts>.card,.columns>.card:has(svg){display:flex;flex-direction:column}
.card>svg{display:block;width:100%;height:auto;margin-top:auto;padding-top:8px}
.columns+.card,.card+.card.scroll{margin-top:12px}
.columns>.card.card{margin-top:0}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:12px;align-items:start}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:6px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tr:last-child>*{border-bottom:0}
thead th{color:var(--soft);font-weight:500;font-size:.8rem}
tbody th{font-weight:500}
.figures td,.figures thead th:not(:first-child){text-align:right;white-space:nowrap}
.figures th{white-space:nowrap}
.facts th{color:var(--soft);font-weight:400;width:1%;white-space:nowrap}
.texts th,.texts td,.texts thead th:not(:first-child){text-align:left}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin:4px 0 0;padding:0;list-style:none;font-size:.8rem;color:var(--soft)}
.legend i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:5px;background:currentColor}
svg text{font:10px system-ui,sans-serif;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:1}
.before{fill:var(--line);opacity:.45}
.line{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.line.dashed{stroke-dasharray:4 3;stroke-linecap:butt}
.area{fill:currentColor}
.hint{fill:transparent}.hint:hover{fill:var(--soft);fill-opacity:.18}
.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}.s8{color:var(--s8)}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:0 0 8px}
summary{cursor:pointer;padding:10px 14px}
summary:focus-visible{outline:2px solid var(--s2);outline-offset:2px;border-radius:10px}
details>:not(summary){margin:0 14px 12px}
.ladder{list-style:none;padding:0;font-size:.85rem}
.ladder li{display:grid;grid-template-columns:5.2rem 1fr 1fr}
.ladder .when{color:var(--soft);font-size:.78rem;padding:6px 8px 0 0;text-align:right}
.ladder .lane{border-left:2px solid var(--line);padding:6px 8px;min-height:14px}
.ladder .lane:last-child{border-right:2px solid var(--line)}
.ladder .ends .lane{border-color:transparent;padding:0;color:var(--soft);font-size:.8rem}
.ladder .ends .lane+.lane{text-align:right}
.arrow{position:relative;height:2px;margin:4px 0 2px;background:var(--s2)}
.arrow::after{content:"";position:absolute;top:-4px;border:5px solid transparent}
.arrow.right::after{right:-2px;border-left-color:var(--s2);border-right:0}
.arrow.left::after{left:-2px;border-right-color:var(--s2);border-left:0}
@media (max-width:480px){.ladder{font-size:.75rem}.ladder li{grid-template-columns:3.9rem 1fr 1fr}.ladder .when{font-size:.68rem;padding-right:6px}.ladder .lane{padding:6px 5px}}
footer{margin-top:28px;color:var(--soft);font-size:.8rem}
@media print{body{background:none}.card,.tile,.verdict,details{break-inside:avoid}}
`;
