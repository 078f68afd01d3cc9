import type { Sheet, SheetImage } from '../sheet.ts'
import { xmlText } from '../xml.ts'

const row = ({ image, outcome, digest, platforms }: SheetImage): string =>
  `<tr><td><span class="badge ${outcome}">${outcome}</span></td><td><code>${xmlText(image)}</code></td>` +
  `<td>${xmlText(platforms.join(', '))}</td><td><code>${xmlText(digest ?? '')}</code></td></tr>`

/** Every image that was asked about, in a table that opens. */
export const imageTable = ({ images }: Sheet): string =>
  [
    `<details class="card"><summary>All ${images.length} images, with digest and platforms</summary>`,
    '<div class="table" role="region" aria-label="All images" tabindex="0"><table>',
    '<thead><tr><th scope="col">Outcome</th><th scope="col">Image</th><th scope="col">Platforms</th><th scope="col">Digest</th></tr></thead>',
    `<tbody>${images.map(row).join('\n')}</tbody></table></div></details>`,
  ].join('\n')
