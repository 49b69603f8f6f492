import { background, COVER, createRandom, shape, svg, times } from './svg.ts';

const random = createRandom(88);

/** A column of index entries: a letter, then lines, some of them indented. */
function column(x: number, letters: string): string {
  let y = 128;
  return [...letters]
    .map((letter) => {
      const head = shape(
        'text',
        { x, y: y + 24, 'font-family': 'Georgia, serif', 'font-size': 34, 'font-weight': 'bold', fill: '#8d2f2b' },
        letter,
      );
      y += 40;
      const lines = times(4, (index) => {
        const inset = index > 0 && random(0, 1) > 0.55 ? 26 : 0;
        const width = random(70, 140);
        const entry =
          shape('rect', { x: x + inset, y, width, height: 7, rx: 3.5, fill: '#57493c', opacity: 0.75 }) +
          shape('rect', { x: x + inset + width + 12, y, width: random(18, 44), height: 7, rx: 3.5, fill: '#a8937a' });
        y += 18;
        return entry;
      });
      y += 24;
      return head + lines.join('');
    })
    .join('');
}

export const indexEssay = svg(
  COVER,
  background('#2f5d54'),
  ...times(9, (index) => shape('circle', { cx: 1060, cy: 70, r: 60 + index * 70, fill: '#f5d98b', opacity: 0.055 })),
  shape('ellipse', { cx: 600, cy: 560, rx: 520, ry: 38, fill: '#142e29', opacity: 0.5 }),
  shape('path', { d: 'M104 92Q350 52 600 100Q850 52 1096 92V556Q850 516 600 560Q350 516 104 556Z', fill: '#6d2a26' }),
  ...times(5, (index) =>
    shape('path', {
      d: `M${116 + index * 3} ${84 + index}Q355 ${44 + index} 600 ${92 + index}Q845 ${44 + index} ${1084 - index * 3} ${84 + index}V${544 - index * 2}Q845 ${504 - index} 600 ${548 - index}Q355 ${504 - index} ${116 + index * 3} ${544 - index * 2}Z`,
      fill: index % 2 === 0 ? '#e9dcc0' : '#fbf4e4',
    }),
  ),
  shape('path', { d: 'M600 96V548', stroke: '#cdbb97', 'stroke-width': 3 }),
  shape('path', { d: 'M600 96C560 88 540 84 520 82V530C545 532 575 538 600 548Z', fill: '#e3d3b2', opacity: 0.55 }),
  column(164, 'GHI'),
  column(366, 'JKL'),
  column(650, 'MNO'),
  column(856, 'PRS'),
  shape('path', {
    d: 'M588 92C600 220 572 330 590 470C594 520 578 560 584 604L604 586L622 606C620 560 624 520 618 470C604 330 626 220 612 92Z',
    fill: '#d2453f',
  }),
  shape('path', {
    d: 'M600 92C610 220 590 330 604 470C608 520 600 560 604 586L622 606C620 560 624 520 618 470C604 330 626 220 612 92Z',
    fill: '#b23530',
  }),
);
