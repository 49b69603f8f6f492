import { background, COVER, createRandom, type Point, pick, shape, svg, times } from './svg.ts';

const random = createRandom(1869);

interface Palette {
  rim: string;
  body: readonly string[];
  spots: string;
}

const MAP: Palette = { rim: '#15181a', body: ['#c5cf4a', '#b3c23c', '#d4da63'], spots: '#23282a' };
const ORANGE: Palette = { rim: '#b8530f', body: ['#f08a24', '#f6a13b', '#e87a17'], spots: '#c9600f' };
const GREY: Palette = { rim: '#8b9a94', body: ['#c3cec5', '#b2c0b8', '#d5ddd2'], spots: '#7f8f88' };

/** A closed, wavy circle around a center. */
function blob(cx: number, cy: number, radius: number): string {
  const [a, b, c] = [random(0, 6), random(0, 6), random(0, 6)];
  const points = times(72, (index) => {
    const angle = (index / 72) * 2 * Math.PI;
    const distance =
      radius *
      (1 + 0.05 * Math.sin(5 * angle + a) + 0.035 * Math.sin(11 * angle + b) + 0.03 * Math.sin(17 * angle + c));
    return `${(cx + distance * Math.cos(angle)).toFixed(0)} ${(cy + distance * Math.sin(angle)).toFixed(0)}`;
  });
  return `M${points.join('L')}Z`;
}

function rosette([cx, cy]: Point, radius: number, { rim, body, spots }: Palette): string {
  const rings = [1, 0.92, 0.74, 0.55, 0.36];
  return [
    ...rings.map((part, index) =>
      shape('path', { d: blob(cx, cy, radius * part), fill: index === 0 ? rim : body[index % body.length]! }),
    ),
    ...times(Math.round(radius * 0.55), () => {
      const angle = random(0, 2 * Math.PI);
      const distance = radius * 0.88 * Math.sqrt(random(0, 1));
      return shape('circle', {
        cx: cx + distance * Math.cos(angle),
        cy: cy + distance * Math.sin(angle),
        r: random(1.2, radius / 26),
        fill: spots,
        opacity: 0.8,
      });
    }),
  ].join('');
}

const PLACES: readonly [number, number, number, Palette][] = [
  [330, 330, 214, MAP],
  [660, 190, 128, GREY],
  [610, 450, 140, ORANGE],
  [905, 372, 190, GREY],
  [860, 118, 82, ORANGE],
  [1100, 150, 112, MAP],
  [1115, 520, 92, ORANGE],
  [96, 90, 84, ORANGE],
  [80, 560, 96, GREY],
  [450, 60, 62, MAP],
  [790, 590, 60, MAP],
];

export const lichens = svg(
  COVER,
  background('#39434c'),
  ...times(46, () => {
    const y = random(-20, 640);
    return shape('path', {
      d: `M-10 ${y.toFixed(0)}L${random(200, 500).toFixed(0)} ${(y + random(-16, 16)).toFixed(0)}L${random(620, 900).toFixed(0)} ${(y + random(-20, 20)).toFixed(0)}L1210 ${(y + random(-30, 30)).toFixed(0)}`,
      fill: 'none',
      stroke: pick(random, ['#2d363e', '#47535d', '#323c44']),
      'stroke-width': random(1, 7),
    });
  }),
  ...PLACES.map(([x, y, radius, colors]) => rosette([x, y], radius, colors)),
);
