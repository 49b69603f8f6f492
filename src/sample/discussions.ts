import { bread } from './discussions/bread.ts';
import { bridges } from './discussions/bridges.ts';
import { cursor } from './discussions/cursor.ts';
import { grass } from './discussions/grass.ts';
import { hour } from './discussions/hour.ts';
import { indexEssay } from './discussions/index-essay.ts';
import { lichens } from './discussions/lichens.ts';
import { names } from './discussions/names.ts';
import { tides } from './discussions/tides.ts';
import { tools } from './discussions/tools.ts';
import type { SampleDiscussion } from './sample-types.ts';

export const discussions: readonly SampleDiscussion[] = [
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
];
