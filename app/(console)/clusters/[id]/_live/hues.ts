/**
 * Gives each thing a hue when it is first seen, and never another: what goes away takes its hue with it, so that
 * nobody else's line changes its colour while a person looks.
 */
export class Hues {
  readonly #given = new Map<string, number>()

  constructor(names: readonly string[]) {
    for (const name of names) this.indexOf(name)
  }

  indexOf(name: string): number {
    const index = this.#given.get(name) ?? this.#given.size
    this.#given.set(name, index)
    return index
  }
}
