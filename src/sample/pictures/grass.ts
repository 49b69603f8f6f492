import { background, COVER, createRandom, gradient, pick, shape, svg, times } from './svg.ts';

const random = createRandom(63);

function blade(x: number, height: number, fill: string): string {
  const lean = random(-60, 60);
  const width = random(4, 9);
  const foot = 640;
  return shape('path', {
    d: `M${(x - width).toFixed(0)} ${foot}Q${(x + lean * 0.2).toFixed(0)} ${(foot - height * 0.6).toFixed(0)} ${(x + lean).toFixed(0)} ${(foot - height).toFixed(0)}Q${(x + lean * 0.3 + width).toFixed(0)} ${(foot - height * 0.55).toFixed(0)} ${(x + width).toFixed(0)} ${foot}Z`,
    fill,
  });
}

function stem(x: number, y: number): string {
  return shape('path', {
    d: `M${x.toFixed(0)} ${y.toFixed(0)}Q${(x + random(-14, 14)).toFixed(0)} ${(y + 120).toFixed(0)} ${(x + random(-20, 20)).toFixed(0)} 640`,
    fill: 'none',
    stroke: '#3f7a3a',
    'stroke-width': 4,
  });
}

function poppy(x: number, y: number, size: number): string {
  const petal = (angle: number, fill: string) =>
    shape('ellipse', {
      cx: x,
      cy: y - size * 0.5,
      rx: size * 0.62,
      ry: size * 0.58,
      fill,
      transform: `rotate(${angle} ${x} ${y})`,
    });
  return (
    stem(x, y) +
    petal(0, '#d8362f') +
    petal(90, '#e5483c') +
    petal(180, '#e5483c') +
    petal(270, '#f0584a') +
    shape('circle', { cx: x, cy: y, r: size * 0.28, fill: '#2a1c26' })
  );
}

function daisy(x: number, y: number, size: number): string {
  const petals = times(12, (index) =>
    shape('ellipse', {
      cx: x,
      cy: y - size * 0.62,
      rx: size * 0.17,
      ry: size * 0.42,
      fill: '#fffdf5',
      transform: `rotate(${index * 30} ${x} ${y})`,
    }),
  );
  return stem(x, y) + petals.join('') + shape('circle', { cx: x, cy: y, r: size * 0.32, fill: '#f5bf33' });
}

function cornflower(x: number, y: number, size: number): string {
  const rays = times(9, (index) =>
    shape('path', {
      d: `M${x} ${y}l${-size * 0.24} ${-size}l${size * 0.24} ${size * 0.22}l${size * 0.24} ${-size * 0.22}z`,
      fill: index % 2 === 0 ? '#3d5fc4' : '#5b7be0',
      transform: `rotate(${index * 40} ${x} ${y})`,
    }),
  );
  return stem(x, y) + rays.join('') + shape('circle', { cx: x, cy: y, r: size * 0.26, fill: '#2c3f94' });
}

function flower(): string {
  const draw = pick(random, [poppy, daisy, cornflower, poppy, daisy]);
  return draw(Math.round(random(20, 1180)), Math.round(random(290, 560)), Math.round(random(24, 40)));
}

let street = '';
for (let x = -10; x < COVER.width; ) {
  const width = Math.round(random(70, 110));
  const top = Math.round(random(210, 250));
  street +=
    shape('rect', {
      x,
      y: top,
      width: width - 2,
      height: 160,
      fill: pick(random, ['#e8c9a8', '#dba98b', '#efdcc3', '#c9b8b0']),
    }) +
    shape('path', {
      d: `M${x - 5} ${top}L${x + width / 2} ${top - 42}L${x + width + 3} ${top}Z`,
      fill: pick(random, ['#b5624d', '#9d5748', '#8a6a6a']),
    }) +
    times(2, (index) =>
      shape('rect', { x: x + 14 + index * (width - 46), y: top + 24, width: 16, height: 24, rx: 2, fill: '#7f97a8' }),
    ).join('');
  x += width;
}

export const grass = svg(
  COVER,
  gradient('air', '#cfe8f3', '#eef6ee', '#fdf3d9'),
  background('url(#air)'),
  shape('circle', { cx: 960, cy: 110, r: 58, fill: '#ffe9a6' }),
  street,
  shape('rect', { x: 0, y: 352, width: 1200, height: 290, fill: '#7fae5a' }),
  ...times(150, () => blade(random(0, 1200), random(230, 330), pick(random, ['#8fbf63', '#9ccb70', '#86b65b']))),
  ...times(16, flower),
  ...times(150, () => blade(random(0, 1200), random(120, 260), pick(random, ['#5f9a47', '#6fab50', '#4e8a3e']))),
  ...times(15, flower),
  ...times(110, () => blade(random(0, 1200), random(50, 150), pick(random, ['#3f7a3a', '#356c34', '#4a8741']))),
);
