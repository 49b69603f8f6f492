import { background, COVER, createRandom, pick, shape, svg, times } from './svg.ts';

const random = createRandom(41);
const LATE = { row: 3, column: 7 };

function block(row: number, column: number): string {
  const x = 70 + column * 90;
  const y = 66 + row * 102;
  if (row === LATE.row && column > LATE.column + 1) return '';
  if (row > LATE.row) return shape('rect', { x, y, width: 74, height: 70, rx: 12, fill: '#1f2b44' });
  if (row === LATE.row && column === LATE.column)
    return shape('rect', {
      x,
      y,
      width: 74,
      height: 70,
      rx: 12,
      fill: 'none',
      stroke: '#ff7a59',
      'stroke-width': 4,
      'stroke-dasharray': '10 8',
    });
  return (
    shape('rect', {
      x,
      y,
      width: 74,
      height: 70,
      rx: 12,
      fill: pick(random, ['#2f6fb0', '#3b86c9', '#4fa3d9', '#62bcd8', '#3f95b8']),
    }) +
    shape('rect', { x: x + 14, y: y + 22, width: random(24, 46), height: 7, rx: 3.5, fill: '#fff', opacity: 0.75 }) +
    shape('rect', { x: x + 14, y: y + 40, width: random(14, 40), height: 7, rx: 3.5, fill: '#fff', opacity: 0.4 })
  );
}

const late = { x: 70 + LATE.column * 90, y: 66 + LATE.row * 102 };

export const cursor = svg(
  COVER,
  background('#141d31'),
  ...times(5, (row) => times(12, (column) => block(row, column)).join('')),
  shape(
    'g',
    { transform: `translate(${late.x + 30} ${late.y + 116}) rotate(-9)` },
    shape('rect', { x: 0, y: 0, width: 74, height: 70, rx: 12, fill: '#ff7a59' }),
    shape('rect', { x: 14, y: 22, width: 46, height: 7, rx: 3.5, fill: '#fff', opacity: 0.9 }),
    shape('rect', { x: 14, y: 40, width: 28, height: 7, rx: 3.5, fill: '#fff', opacity: 0.6 }),
  ),
  shape('path', {
    d: `M${late.x + 62} ${late.y + 108}C${late.x + 66} ${late.y + 96} ${late.x + 54} ${late.y + 90} ${late.x + 46} ${late.y + 82}`,
    fill: 'none',
    stroke: '#ff7a59',
    'stroke-width': 4,
    'stroke-linecap': 'round',
    'stroke-dasharray': '2 9',
  }),
  shape('rect', { x: late.x + 172, y: late.y - 14, width: 8, height: 98, rx: 4, fill: '#ffd166' }),
  shape('path', { d: `M${late.x + 160} ${late.y - 34}h32l-16 20z`, fill: '#ffd166' }),
);
