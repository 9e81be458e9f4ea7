import type { CampaignTimeline, ExchangeBin, SignupBin } from '../scoring/campaign-timeline.js';
import { renderScorecard } from '../scoring/render-table.js';
import type { Scorecard } from '../scoring/scorecard.js';
import { htmlPage } from './picture-page.js';
import { type ChartWish, escapeText, svgChart } from './svg-chart.js';

const dayMs = 86_400_000;

const fates = [
  ['held', 'held at signup', 'heldAtSignup'],
  ['later', 'held later', 'heldLater'],
  ['limited', 'limited', 'limited'],
  ['admitted', 'admitted', 'admitted'],
] as const;

const legend = (entries: readonly (readonly [string, string, ...unknown[]])[]): string =>
  `<p class="key">${entries.map(([className, text]) => `<span><i class="${className}"></i>${text}</span>`).join('')}</p>`;

const dateText = (at: number): string => new Date(at).toISOString().slice(5, 16).replace('T', ' ');

/** At most eight dates under the axis, at midnight UTC. */
function ticksOf({ from, binMs, exchanges }: CampaignTimeline): ChartWish['ticks'] {
  const length = binMs * exchanges.length;
  const everyDays = Math.max(1, Math.ceil(length / dayMs / 8));
  const first = Math.ceil(from / dayMs) * dayMs;
  const count = Math.max(0, Math.ceil((from + length - first) / (everyDays * dayMs)));
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * everyDays * dayMs;
    return [(at - from) / length, new Date(at).toISOString().slice(5, 10)] as const;
  });
}

function signupChart(name: string, bins: readonly SignupBin[], timeline: CampaignTimeline): string {
  const bars = bins.map((bin, index) => ({
    title: `${dateText(timeline.from + index * timeline.binMs)}: ${fates.map(([, text, key]) => `${bin[key]} ${text}`).join(', ')}`,
    parts: fates.map(([className, , key]) => [className, bin[key]] as const),
  }));
  return svgChart({ label: `Signups over time, ${name}`, bars, layout: 'stacked', ticks: ticksOf(timeline) });
}

function exchangeChart(bins: readonly ExchangeBin[], timeline: CampaignTimeline): string {
  const bars = bins.map(({ wanted, drawn }, index) => ({
    title: `${dateText(timeline.from + index * timeline.binMs)}: ${Math.round(drawn)} of ${Math.round(wanted)} exchanges`,
    parts: [['drawn', drawn] as const, ['wanted', wanted] as const],
  }));
  return svgChart({ label: 'Exchanges over time', bars, layout: 'overlaid', ticks: ticksOf(timeline) });
}

/** Numbers of a campaign as one page: signups by tier, exchanges given away, honest people, and the table. */
export function renderPicture(card: Scorecard, timeline: CampaignTimeline): string {
  const prevented = card.attack.exchanges.preventedWithLimits;
  const signups = [...timeline.signups].map(([name, bins]) => {
    const title = name === 'honest' ? 'Honest signups' : `Signups of ${name}`;
    return `<h2>${escapeText(title)}</h2>${signupChart(name, bins, timeline)}`;
  });
  const exchanges = [
    '<h2>Exchanges of fraudulent accounts</h2>',
    `<p>${prevented === null ? 'None were wanted.' : `${(prevented * 100).toFixed(1)} % were not given away, limits included.`}</p>`,
    exchangeChart(timeline.exchanges, timeline),
    legend([
      ['drawn', 'given away'],
      ['wanted', 'wanted'],
    ]),
  ];
  return htmlPage('Scorecard of a campaign', [
    '<h1>Scorecard of a campaign</h1>',
    `<p>${card.attack.accounts} fraudulent and ${card.honest.accounts} honest accounts; times are UTC.</p>`,
    legend(fates),
    ...signups,
    ...(card.attack.accounts === 0 ? [] : exchanges),
    '<h2>Numbers</h2>',
    `<pre>${escapeText(renderScorecard(card))}</pre>`,
  ]);
}
