export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const nameForm = /[A-Za-z_:][\w:.-]*/y;
const attributeForm = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*"([^"<]*)"/y;
/** XML 1.0, section 2.2. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Reads XML without doctype, comments and CDATA; throws where it is not well-formed. */
export function parseXml(source: string): XmlElement {
  if (forbidden.test(source)) throw new Error('a character that XML does not know');
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${source.slice(at, at + 40)}`);
  };
  const take = (form: RegExp): RegExpExecArray => {
    form.lastIndex = at;
    const found = form.exec(source) ?? fail(`expected ${form.source}`);
    at += found[0].length;
    return found;
  };
  const decoded = (text: string): string =>
    text.replace(/&([^;]*);?/g, (_, name: string) => entities[name] ?? fail(`entity '${name}'`));
  const element = (): XmlElement => {
    take(/</y);
    const [name] = take(nameForm);
    const attributes: Record<string, string> = {};
    for (;;) {
      attributeForm.lastIndex = at;
      const found = attributeForm.exec(source);
      if (found === null) break;
      at += found[0].length;
      const [, key = '', value = ''] = found;
      if (key in attributes) fail(`attribute '${key}' twice`);
      attributes[key] = decoded(value);
    }
    if (take(/\s*(\/?)>/y)[1] === '/') return { name, attributes, children: [], text: '' };
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      const [run] = take(/[^<]*/y);
      if (run.includes(']]>')) fail("']]>' in text");
      text += decoded(run);
      if (source.startsWith('</', at)) break;
      children.push(element());
    }
    take(/<\//y);
    if (take(nameForm)[0] !== name) fail(`the end of ${name} was expected`);
    take(/\s*>/y);
    return { name, attributes, children, text };
  };
  take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y);
  const root = element();
  take(/\s*/y);
  if (at < source.length) fail('something after the end');
  return root;
}
