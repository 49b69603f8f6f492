/** Something that a converted body lost, for the report. */
export interface BodyNote {
  reason: string;
  /** Name of the shortcode, block or element. */
  detail: string;
}
