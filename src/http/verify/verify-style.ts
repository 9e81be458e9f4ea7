/** Light and dark, one column, sizes in rem: at 200 % zoom the lines wrap and nothing is cut off. */
export const verifyStyle = `
:root{color-scheme:light dark;--ink:#1a1a1f;--paper:#fff;--line:#6b6b76;--soft:#55555f;--key:#1f4fa3;--key-ink:#fff;--good:#125a2f;--bad:#8f1d1d;--panel:#f4f4f7}
@media (prefers-color-scheme:dark){:root{--ink:#ececf1;--paper:#16161a;--line:#8f8f9c;--soft:#b3b3be;--key:#a9c4ff;--key-ink:#10131c;--good:#9be0b3;--bad:#ffb3b3;--panel:#202027}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:38rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.25rem}h3{font-size:1.05rem;margin:0 0 .35rem}
.steps{padding:0;list-style:none;margin:0}
.steps>li{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 1rem}
.state{font-weight:400;color:var(--soft);margin-left:.5rem}.state.passed{color:var(--good)}
label{display:block;font-weight:600;margin-top:.75rem}
input:not([type=hidden]),textarea{width:100%;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.35rem;padding:.55rem .65rem}
#code{max-width:12rem;font-variant-numeric:tabular-nums;letter-spacing:.15em}
.hint{color:var(--soft);margin:.3rem 0 .75rem}
button,.button{display:inline-block;font:inherit;font-weight:600;text-decoration:none;background:var(--key);color:var(--key-ink);border:1px solid var(--key);border-radius:.35rem;padding:.55rem 1rem;min-height:2.75rem;cursor:pointer}
:focus-visible{outline:3px solid var(--key);outline-offset:2px}
.notice{border-left:.3rem solid;padding:.6rem .8rem;background:var(--panel)}.notice.good{color:var(--good)}.notice.bad{color:var(--bad)}
`;
