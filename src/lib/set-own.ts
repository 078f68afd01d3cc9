/** Sets a property, even where its name means something to JavaScript. */
export const setOwn = (record: object, name: string, value: unknown): void =>
  void Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
