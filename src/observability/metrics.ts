import { Registry } from 'prom-client';
import type { ModerationFact } from '../../schema/content/events.ts';
import type { EndedStatement } from '../database/index.ts';
import type { OperationObserver } from '../execution/index.ts';
import { Figures } from './figures.ts';
import { addGatewayFigures, type GatewaySources } from './gateway-figures.ts';
import { countModeration } from './moderation-figures.ts';
import { countOperations } from './operation-figures.ts';
import { OperationNames } from './operation-names.ts';
import { processFigures } from './process-figures.ts';
import { Rejections } from './rejections.ts';
import { countStatements } from './statement-figures.ts';

/** All figures of a gateway. */
export class Metrics {
  readonly #figures = new Figures();
  readonly #process = processFigures();
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly rejections = new Rejections(this.#figures);
  readonly operations: OperationObserver;
  readonly onStatementEnd: (statement: EndedStatement) => void = countStatements(this.#figures);
  readonly onModeration: (facts: readonly ModerationFact[]) => void = countModeration(this.#figures);

  /** @param trusted documents whose operations always have figures by their names */
  constructor(trusted: Iterable<string>) {
    const names = new OperationNames(trusted);
    this.operations = countOperations({ figures: this.#figures, names, rejections: this.rejections });
  }

  /** Adds what is read from the parts of the gateway, once they are open. */
  addSources(sources: GatewaySources): void {
    addGatewayFigures(this.#figures, sources);
  }

  /** The present figures, in the text format of Prometheus. */
  async text(): Promise<string> {
    return `${await this.#figures.text()}\n${await this.#process.metrics()}`;
  }
}
