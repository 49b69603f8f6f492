import { shape, svg } from './svg.ts';

const SIZE = { width: 256, height: 256 };

interface Features {
  wall: string;
  skin: string;
  coat: string;
  hair: string;
  /** Paths behind and in front of the face. */
  behind?: string;
  before: string;
  glasses?: string;
  beard?: string;
}

function portrait({ wall, skin, coat, hair, behind, before, glasses, beard }: Features): string {
  return svg(
    SIZE,
    shape('rect', { ...SIZE, fill: wall }),
    behind ? shape('path', { d: behind, fill: hair }) : '',
    shape('path', { d: 'M28 256C30 206 74 190 128 190C182 190 226 206 228 256Z', fill: coat }),
    shape('path', { d: 'M106 160H150V198Q128 216 106 198Z', fill: skin }),
    shape('path', { d: 'M106 172Q128 192 150 172V182Q128 202 106 182Z', fill: '#000', opacity: 0.12 }),
    shape('ellipse', { cx: 128, cy: 120, rx: 46, ry: 56, fill: skin }),
    beard ? shape('path', { d: beard, fill: hair }) : '',
    shape('path', { d: before, fill: hair }),
    ...[110, 146].map((cx) => shape('circle', { cx, cy: 120, r: 4.5, fill: '#2a2430' })),
    shape('path', {
      d: 'M114 150Q128 161 142 150',
      fill: 'none',
      stroke: beard ? '#e9cdbb' : '#2a2430',
      'stroke-width': 3.5,
      'stroke-linecap': 'round',
    }),
    glasses
      ? [110, 146]
          .map((cx) => shape('circle', { cx, cy: 120, r: 16, fill: 'none', stroke: glasses, 'stroke-width': 4 }))
          .join('') + shape('path', { d: 'M126 119Q128 116 130 119', fill: 'none', stroke: glasses, 'stroke-width': 4 })
      : '',
  );
}

export const marenHolst = portrait({
  wall: '#f2c14e',
  skin: '#f1cdb0',
  coat: '#2f4858',
  hair: '#b9b6b0',
  behind: 'M70 108C66 60 96 44 128 44C162 44 190 62 186 112C184 150 186 166 178 176H78C70 166 72 140 70 108Z',
  before: 'M82 112C82 74 104 58 130 58C158 58 176 76 174 112C160 104 152 92 148 80C132 98 108 106 82 112Z',
});

export const tobiasAdeyemi = portrait({
  wall: '#7fb7be',
  skin: '#7a4a2f',
  coat: '#d1495b',
  hair: '#1e1a1c',
  before:
    'M80 108C76 64 102 50 128 50C154 50 180 64 176 108C170 90 160 82 150 80C136 76 120 76 106 80C96 82 86 90 80 108Z',
  beard:
    'M82 124C84 160 100 182 128 182C156 182 172 160 174 124C168 140 158 142 148 138C136 134 120 134 108 138C98 142 88 140 82 124Z',
  glasses: '#f4e9d8',
});

export const inesCalloway = portrait({
  wall: '#c9ada7',
  skin: '#d79f76',
  coat: '#386641',
  hair: '#4a2c1d',
  behind:
    'M128 18C152 18 158 40 150 52C176 58 190 82 184 116C180 132 176 140 172 146H84C80 140 76 132 72 116C66 82 80 58 106 52C98 40 104 18 128 18Z',
  before: 'M82 110C80 80 100 62 128 62C156 62 176 80 174 110C166 92 148 84 128 84C108 84 90 92 82 110Z',
});

export const wenHarada = portrait({
  wall: '#3d405b',
  skin: '#eac7a0',
  coat: '#e07a5f',
  hair: '#16161d',
  behind: 'M76 120C70 66 98 50 128 50C158 50 186 66 180 120C180 134 178 142 174 148H82C78 142 76 134 76 120Z',
  before: 'M82 116C80 74 102 60 128 60C154 60 176 74 174 116L164 98H92Z',
  glasses: '#2a2430',
});
