const BLOCK = ['\ufdd0', '\ufdd1'] as const;
const INLINE = ['\ufdd2', '\ufdd3'] as const;

/** A piece's mark in the text: characters that Unicode reserves for such use, around the number of the piece. */
const MARK = /\ufdd0(\d+)\ufdd1|\ufdd2(\d+)\ufdd3/g;

/**
 * Pieces of HTML that later steps may not change. A mark stands for each in the text until all are restored. Steps that
 * have to know whether a piece is a block recognise its mark with `BLOCK_MARK`.
 */
export class KeptPieces {
  readonly #pieces: string[] = [];

  /** Removes characters that a mark could be mistaken for. */
  static clean(text: string): string {
    return text.replace(/[\ufdd0-\ufdef]/g, '');
  }

  block(html: string): string {
    return this.#keep(html, BLOCK);
  }

  inline(html: string): string {
    return html === '' ? '' : this.#keep(html, INLINE);
  }

  restore(text: string): string {
    return text.replace(MARK, (_, block?: string, inline?: string) =>
      // A piece holds only pieces that were kept before it.
      this.restore(this.#pieces[Number(block ?? inline)] ?? ''),
    );
  }

  #keep(html: string, [begin, end]: readonly [string, string]): string {
    this.#pieces.push(html);
    return `${begin}${this.#pieces.length - 1}${end}`;
  }
}

/** Source of a pattern for the mark of a block. */
export const BLOCK_MARK = `${BLOCK[0]}\\d+${BLOCK[1]}`;
