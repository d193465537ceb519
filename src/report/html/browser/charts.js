/**
 * Draws the charts of a report. Their data stand in the page as JSON (`chart-data.ts` says how); uPlot was loaded before. Colours
 * come from the stylesheet, so that dark, light and paper are its business alone.
 */

/** @typedef {import('../chart-data.js').ChartData} ChartData */
/** @typedef {import('../chart-data.js').Chart} Chart */
/** @typedef {import('../chart-data.js').Heat} Heat */

const root = document.documentElement;
/** @type {ChartData} */
const data = JSON.parse(document.getElementById('chart-data')?.textContent ?? '');
/** Charts over time share one cursor. */
const timeCursor = uPlot.sync('time');
const font = '12px system-ui, sans-serif';
/** Every axis of values is so wide, so that charts one above the other share their time. */
const valueAxisWidth = 64;
/** Beside a chart, for half of the last time below it. */
const rightPadding = 20;

/** @type {uPlot[]} */
let plots = [];

/** @param {string} name */
function color(name) {
  return getComputedStyle(root).getPropertyValue(`--${name}`).trim();
}

/** @param {number} value */
function number(value) {
  const compact = Math.abs(value) >= 100_000 ? /** @type {const} */ ('compact') : /** @type {const} */ ('standard');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3, notation: compact });
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const rest = seconds - whole > 0.05 ? (seconds - whole).toFixed(1).slice(1) : '';
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}${rest}`;
}

/** `0 %`, `90 %`, `99.9 %`: the share below so many nines. @param {number} nines */
function percent(nines) {
  return `${Number((100 * (1 - 10 ** -nines)).toFixed(Math.max(0, Math.ceil(nines) - 1) + (nines % 1 === 0 ? 0 : 1)))} %`;
}

/** Where a moment stands in the canvas; undefined where it is not in sight. @param {uPlot} plot @param {number} atS */
function placeOf({ bbox, valToPos }, atS) {
  const x = valToPos(atS, 'x', true);
  return x >= bbox.left && x <= bbox.left + bbox.width ? x : undefined;
}

/** What stands above one mark, or above several. @typedef {{ letters: string, from: number, to: number, left: number, right: number }} MarkLabel */

/** The labels of what happened once, from left to right: marks whose letters would stand in one another share one. @param {uPlot} plot */
function markLabels(plot) {
  plot.ctx.font = markFont();
  const gap = 4 * uPlot.pxRatio;
  /** @type {MarkLabel[]} */
  const labels = [];
  for (const { letter, x } of marksInSight(plot)) {
    let label = markLabel(plot, letter, x, x);
    for (let before = labels.at(-1); before !== undefined && before.right + gap > label.left; before = labels.at(-1)) {
      labels.pop();
      label = markLabel(plot, before.letters + label.letters, before.from, label.to);
    }
    labels.push(label);
  }
  return labels;
}

/** @param {uPlot} plot */
function marksInSight(plot) {
  const marks = data.marks.flatMap(({ atS, letter }) => {
    const x = placeOf(plot, atS);
    return x === undefined ? [] : [{ letter, x }];
  });
  return marks.sort((a, b) => a.x - b.x);
}

/** @param {uPlot} plot @param {string} letters @param {number} from @param {number} to @returns {MarkLabel} */
function markLabel({ ctx }, letters, from, to) {
  const half = ctx.measureText(markText(letters)).width / 2;
  const middle = (from + to) / 2;
  return { letters, from, to, left: middle - half, right: middle + half };
}

/** `A`, `AB`, `A–D`. @param {string} letters */
function markText(letters) {
  return letters.length < 3 ? letters : `${letters.at(0)}–${letters.at(-1)}`;
}

function markFont() {
  return `bold ${scaled(11)}`;
}

/** The parts that are not measured, below everything. @param {uPlot} plot */
function shade(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  const labels = markLabels(plot);
  ctx.font = scaled(11);
  ctx.textAlign = 'left';
  const gap = 4 * uPlot.pxRatio;
  const edge = bbox.left + bbox.width + rightPadding * uPlot.pxRatio;
  let taken = bbox.left;
  for (const [i, { fromS, toS, label }] of data.shades.entries()) {
    const from = Math.max(bbox.left, plot.valToPos(fromS, 'x', true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(toS, 'x', true));
    if (to <= from) continue;
    ctx.fillStyle = color('shade');
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    // What happened where the part begins has the place before it. A part too narrow for its label lends from what is beside it.
    const next = data.shades[i + 1];
    const least = Math.max(taken, ...labels.filter((mark) => mark.left <= from).map(({ right }) => right + gap));
    const most = Math.min(
      next === undefined ? edge : plot.valToPos(next.fromS, 'x', true) - gap,
      ...labels.filter((mark) => mark.left > from).map((mark) => mark.left - gap),
    );
    const { width } = ctx.measureText(label);
    const left = Math.min(Math.max(from, least), most - width);
    if (left < least) continue;
    taken = left + width + gap;
    ctx.fillStyle = color('muted');
    ctx.fillText(label, left, bbox.top - 5 * uPlot.pxRatio);
  }
  ctx.restore();
}

/** Where stages meet, and what happened once, above everything. @param {uPlot} plot */
function mark(plot) {
  const { ctx, bbox } = plot;
  /** @type {(x: number) => void} */
  const line = (x) => {
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  };
  ctx.save();
  ctx.lineWidth = uPlot.pxRatio;
  ctx.strokeStyle = color('muted');
  ctx.setLineDash([2 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
  for (const atS of data.stagesS) {
    const x = placeOf(plot, atS);
    if (x !== undefined) line(x);
  }
  ctx.setLineDash([]);
  ctx.strokeStyle = color('ink');
  ctx.fillStyle = color('ink');
  for (const { x } of marksInSight(plot)) line(x);
  ctx.font = markFont();
  ctx.textAlign = 'left';
  for (const { letters, left } of markLabels(plot)) ctx.fillText(markText(letters), left, bbox.top - 5 * uPlot.pxRatio);
  ctx.restore();
}

/** The cells of a heat map. @param {uPlot} plot @param {Heat} heat */
function paintCells(plot, { bounds, widthsS, cells }) {
  const { ctx } = plot;
  const most = Math.max(...cells.map(([, , count]) => count));
  ctx.save();
  ctx.fillStyle = color('blue');
  for (const [column, row, count] of cells) {
    const middle = plot.data[0][column] ?? 0;
    const half = (widthsS[column] ?? 0) / 2;
    const left = Math.round(plot.valToPos(middle - half, 'x', true));
    const right = Math.round(plot.valToPos(middle + half, 'x', true));
    const top = Math.round(plot.valToPos(bounds[row + 1] ?? 0, 'y', true));
    const bottom = Math.round(plot.valToPos(bounds[row] ?? 0, 'y', true));
    // The eye tells shades apart by their root; what is there at all must be seen.
    ctx.globalAlpha = 0.08 + 0.92 * Math.sqrt(count / most);
    ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
  }
  ctx.restore();
}

/** @param {number} pixels */
function scaled(pixels) {
  return `${pixels * uPlot.pxRatio}px system-ui, sans-serif`;
}

/** @param {Chart} chart @returns {[number, number]} */
function timeRange({ columns, heat }) {
  const times = columns[0] ?? [];
  const half = (heat?.widthsS.at(-1) ?? 1) / 2;
  const shadesEnd = Math.max(0, ...data.shades.map(({ toS }) => toS));
  return [0, Math.max(shadesEnd, (times.at(-1) ?? 0) + half)];
}

/** @param {Chart} chart @returns {uPlot.Axis[]} */
function axes({ kind, unit, log }) {
  const common = { stroke: color('muted'), font, ticks: { show: false } };
  const grid = { stroke: color('line'), width: 1 };
  const x = { ...common, grid, size: 30, ...(kind === 'percentiles' ? percentileAxis : timeAxis) };
  /** @type {uPlot.Axis['values']} */
  const values = (_, splits) => splits.map((value) => (value === null ? '' : number(value)));
  const y = { ...common, grid, size: valueAxisWidth, values, label: unit, labelSize: 18, labelFont: font };
  return [x, log ? { ...y, splits: roundValues, filter: (_, splits) => splits } : y];
}

/** @type {uPlot.Axis} */
const timeAxis = {
  incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800],
  values: (_, splits) => splits.map(clock),
};

/** The median, where there is room for it, and each further nine. @type {uPlot.Axis} */
const percentileAxis = {
  splits: (plot, _, __, most) => {
    const median = Math.log10(2);
    const hasRoom = (plot.width - valueAxisWidth) * (median / most) > 48;
    return [0, ...(hasRoom ? [median] : []), ...Array.from({ length: Math.floor(most) }, (_, i) => i + 1)];
  },
  values: (_, splits) => splits.map(percent),
};

/**
 * The values that a logarithmic axis names: all with one digit over less than a power of ten, the powers alone over many.
 * @param {uPlot} _
 * @param {number} __
 * @param {number} least
 * @param {number} most
 */
function roundValues(_, __, least, most) {
  const powers = Math.log10(most / least);
  const digits = powers < 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : powers < 3.5 ? [1, 2, 5] : [1];
  const values = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) {
    values.push(...digits.map((digit) => digit * 10 ** power).filter((value) => value >= least && value <= most));
  }
  return values;
}

/** @param {Chart} chart @returns {uPlot.Series[]} */
function series({ kind, unit, columns, series: shown, heat }) {
  const x = {
    label: kind === 'percentiles' ? 'percentile' : 'at',
    value: (/** @type {uPlot} */ _, /** @type {number | null} */ at) =>
      at === null ? '–' : kind === 'percentiles' ? percent(at) : clock(at),
  };
  return [
    x,
    ...shown.map(({ label, color: name, dashed, filled }) => ({
      label,
      stroke: heat === undefined ? color(name) : 'transparent',
      width: 1.75,
      ...(dashed && { dash: [4, 4] }),
      ...(filled && { fill: `color-mix(in srgb, ${color(name)} 14%, transparent)` }),
      // One point alone makes no line.
      points: { show: (columns[0]?.length ?? 0) < 3 },
      value: (/** @type {uPlot} */ plot, /** @type {number | null} */ value) => {
        if (heat !== undefined) return cellText(plot, heat, unit);
        return value === null ? '–' : `${number(value)} ${unit}`;
      },
    })),
  ];
}

/** What the cell below the cursor says. @param {uPlot} plot @param {Heat} heat @param {string} unit */
function cellText(plot, { bounds, cells }, unit) {
  const { idx, top = -1 } = plot.cursor ?? {};
  if (idx === null || idx === undefined || top < 0) return '–';
  const value = plot.posToVal(top, 'y');
  const row = bounds.findIndex((bound, i) => value >= bound && value < (bounds[i + 1] ?? 0));
  const count = cells.find((cell) => cell[0] === idx && cell[1] === row)?.[2] ?? 0;
  if (row === -1) return '–';
  return `${count.toLocaleString('en-US')} from ${number(bounds[row] ?? 0)} to ${number(bounds[row + 1] ?? 0)} ${unit}`;
}

/** @param {Chart} chart @param {number} width @returns {uPlot.Options} */
function options(chart, width) {
  const { kind, log, heat } = chart;
  const overTime = kind !== 'percentiles';
  const y = heat === undefined ? {} : { range: /** @type {[number, number]} */ ([heat.bounds[0], heat.bounds.at(-1)]) };
  return {
    width,
    height: heat === undefined ? 200 : 260,
    padding: [18, rightPadding, 0, 0],
    scales: {
      x: { time: false, ...(overTime && { range: timeRange(chart) }) },
      y: { distr: log ? 3 : 1, ...(log ? y : { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] }) },
    },
    axes: axes(chart),
    series: series(chart),
    cursor: { drag: { x: true, y: false }, ...(overTime && { sync: { key: timeCursor.key, scales: ['x', null] } }) },
    hooks: {
      drawClear: [...(overTime ? [shade] : [])],
      draw: [
        ...(heat === undefined ? [] : [(/** @type {uPlot} */ plot) => paintCells(plot, heat)]),
        ...(overTime ? [mark] : []),
      ],
    },
  };
}

function drawAll() {
  for (const plot of plots) plot.destroy();
  plots = [...document.querySelectorAll('[data-chart]')].flatMap((place) => {
    const chart = data.charts[/** @type {HTMLElement} */ (place).dataset.chart ?? ''];
    if (chart === undefined) return [];
    const columns = /** @type {uPlot.AlignedData} */ (/** @type {unknown} */ (chart.columns));
    return [new uPlot(options(chart, place.clientWidth), columns, /** @type {HTMLElement} */ (place))];
  });
}

/** Paper is white, and narrower than most windows. @param {boolean} printing */
function onPrint(printing) {
  root.classList.toggle('paper', printing);
  drawAll();
}

drawAll();
addEventListener('resize', drawAll);
addEventListener('beforeprint', () => onPrint(true));
addEventListener('afterprint', () => onPrint(false));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
