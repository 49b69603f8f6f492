import { bread } from './articles/bread.ts';
import { bridges } from './articles/bridges.ts';
import { cursor } from './articles/cursor.ts';
import { doorbell } from './articles/doorbell.ts';
import { grass } from './articles/grass.ts';
import { hour } from './articles/hour.ts';
import { indexEssay } from './articles/index-essay.ts';
import { lichens } from './articles/lichens.ts';
import { names } from './articles/names.ts';
import { swifts } from './articles/swifts.ts';
import { tides } from './articles/tides.ts';
import { tools } from './articles/tools.ts';
import type { SampleArticle } from './sample-types.ts';

export const articles: readonly SampleArticle[] = [
  cursor,
  grass,
  bread,
  hour,
  bridges,
  lichens,
  indexEssay,
  tides,
  names,
  tools,
  swifts,
  doorbell,
];
