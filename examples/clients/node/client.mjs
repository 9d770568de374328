// A client of CCMM's Outbound Web Services made from their WSDL with the npm package soap.
//
// CcmmClient is the part to copy. Started as a program it is driven over JSON lines: see ../README.md.

import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import soap from 'soap';

const TIMEOUT = 10_000;
const PAGE = 200;
// Milliseconds between two appends, and between two closings: the server allows one a second.
const PAUSE = 1050;
const PACED = new Set(['AppendContactsToCampaign', 'CloseContact']);
// 1 (highest) to 6, used where the WSDL has `priority` in AppendContactsToCampaign.
const PRIORITY = 3;
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** What went wrong; kind is one of the protocol's. */
class ClientError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** A SOAP fault: words are the server's own, number is the ErrorNumber of its detail, if there is one. */
class Refused extends ClientError {
  constructor(words, number, note = '') {
    super('refused', words + note);
    this.words = words;
    this.number = number;
  }

  get isAlreadyLoggedIn() {
    return this.number === 2801 || this.words.includes('already logged in');
  }

  get isExpired() {
    return this.words.includes('Expired');
  }

  get isStaleKey() {
    return this.number === 2805 || this.isExpired || this.words.includes('session key');
  }
}

/** No answer, or none that can be read: the call may have been carried out or not. */
const answerLost = (message) => new ClientError('transport', message);

/** One user's work with the services. Every error is a ClientError; end() leaves no session open. */
class CcmmClient {
  #key = null;
  #answered = new Map();

  static async start({ services, user, password, take_over = false, ca = null }) {
    const self = new CcmmClient();
    Object.assign(self, { user, password, takeOver: take_over });
    // A connection for each call: the server may close a kept one just as an append is on its way.
    self.http = {
      timeout: TIMEOUT,
      maxRedirects: 0,
      httpAgent: new http.Agent({ keepAlive: false }),
      httpsAgent: new https.Agent({ keepAlive: false, ca: ca === null ? undefined : fs.readFileSync(ca) }),
    };
    for (const name of ['utility', 'campaign', 'contact']) {
      const options = { disableCache: true, preserveWhitespace: true, wsdl_options: self.http };
      try {
        self[name] = await soap.createClientAsync(`${services[name]}?wsdl`, options);
      } catch (error) {
        throw answerLost(`${services[name]}?wsdl: ${error.message}`);
      }
      // The address that the WSDL gives may be one that only the server itself can reach.
      self[name].setEndpoint(services[name]);
    }
    const append = self.campaign.describe().OutboundCampaignWS.OutboundCampaignWSSoap.AppendContactsToCampaign;
    self.priority = 'priority' in append.input ? { priority: PRIORITY } : {};
    return self;
  }

  /** Open the session. One that is open already is taken over only where takeOver says so. */
  async log_in() {
    if (this.#key !== null) return;
    try {
      this.#key = await this.#openSession();
    } catch (error) {
      // An expired session serves nobody, but it may still be in the way of a new one.
      const inTheWay = error.kind === 'already-logged-in' ? this.takeOver : error.message.includes('Expired');
      if (!inTheWay || !['already-logged-in', 'login-refused'].includes(error.kind)) throw error;
      await this.#logInAgain();
    }
  }

  /** The campaigns that are Running, Waiting or Paused. */
  async list_campaigns() {
    return (await this.#campaigns()).map((one) => ({
      campaign_id: one.ID,
      name: one.Name ?? null,
      status: one.Status?.Name ?? null,
      number_of_contacts: one.NumberOfContacts,
    }));
  }

  /** All contacts of a campaign, page by page, each page asked for with the last id of the one before. */
  async fetch_contacts({ campaign_id }) {
    const contacts = [];
    for (let last = 0; ; ) {
      const request = { CampaignID: campaign_id, LastContactID: last };
      const page = contactsIn(await this.#call('campaign', 'Get200CampaignContacts', request));
      contacts.push(...page);
      // A short page is the last one. NumberOfContacts does not tell: contacts may come in while we read.
      if (page.length < PAGE) return contacts;
      const next = page.at(-1).contact_id;
      if (!(next > last)) throw new ClientError('failed', `the page after contact ${last} ends with contact ${next}`);
      last = next;
    }
  }

  /** Append contacts one by one, a second apart, up to the first error; it says how far it came. */
  async append_contacts({ campaign_id, contacts }) {
    for (const [done, contact] of contacts.entries()) {
      const request = { CampaignID: campaign_id, contact: toOWContact(contact) };
      let result;
      try {
        result = await this.#number('campaign', 'AppendContactsToCampaign', request, this.priority);
      } catch (error) {
        if (error instanceof Refused) throw new Refused(error.words, error.number, ` (${done} appended before)`);
        if (error.kind !== 'transport') throw error;
        // Not sent again: the server does not check for duplicates, and nobody wants to be called twice.
        throw answerLost(`may or may not have been appended, ${done} were before it: ${error.message}`);
      }
      if (result !== 1) {
        throw new ClientError('failed', `the server answered ${result}: not appended (${done} appended before)`);
      }
    }
    return { appended: contacts.length };
  }

  /** Close a contact named by its id or by a custom field, with one of the campaign's codes by its name. */
  async close_contact({ campaign_id, contact_id, custom_field, text, disposition }) {
    const way = wayTo(contact_id, custom_field);
    const code = disposition == null ? null : await this.#codeId(campaign_id, disposition);
    const result = await this.#number('contact', 'CloseContact', {
      campaignId: campaign_id,
      ...way,
      customFieldSpecified: custom_field != null,
      closureText: text,
      closedReasonCodeValue: code ?? 0,
      closedReasonCodeSpecified: code !== null,
    });
    if (result < 0) throw new ClientError('failed', `the server answered ${result}: not closed`);
    return null;
  }

  /** The id of the first contact with that number, or null: the server's -1 is nobody's id. */
  async find_contact_id({ campaign_id, phone_number }) {
    const request = { phoneNumber: toOW(phone_number, PHONE_NUMBER), CampaignID: campaign_id };
    const result = await this.#number('contact', 'GetContactIDByPhoneNumber', request);
    return result === -1 ? null : result;
  }

  /** The contacts with that number or custom field; status narrows them to New or Closed ones. */
  async find_contacts({ campaign_id, phone_number, custom_field, status }) {
    const wanted = { ContactStatus: status == null ? null : { Id: 0, Name: status }, CampaignID: campaign_id };
    const [operation, what] =
      custom_field == null
        ? ['FindContactsByPhoneNumber', { PhoneNumber: toOW(phone_number, PHONE_NUMBER) }]
        : ['FindContactsByCustomField', { CustomField: toOW({ is_text_visible: false, ...custom_field }, CUSTOM_FIELD) }];
    return contactsIn(await this.#call('contact', operation, { ...wanted, ...what }));
  }

  /** The name of the status of a contact named by its id or by a custom field. */
  async contact_status({ campaign_id, contact_id, custom_field }) {
    const { contactId, ...field } = wayTo(contact_id, custom_field);
    const request = { contactId, campaignID: campaign_id, ...field, customFieldPassed: custom_field != null };
    const status = await this.#call('contact', 'GetContactStatus', request);
    if (!status?.Name) throw new ClientError('not-found', 'the server told no status of that contact');
    return status.Name;
  }

  /** End the session, if there is one. */
  async log_off() {
    if (this.#key === null) return;
    await this.#endSession();
    this.#key = null;
  }

  /** The work is over. */
  async end() {
    await this.log_off();
  }

  async #openSession() {
    let result;
    try {
      result = await this.#ask('utility', 'OutboundLogin', { username: this.user, password: this.password });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new ClientError(error.isAlreadyLoggedIn ? 'already-logged-in' : 'login-refused', error.words);
    }
    if (!result) throw new ClientError('failed', 'the server answered the log-in without a session key');
    return result;
  }

  async #endSession() {
    const logOff = () => this.#ask('utility', 'OutboundLogoff', { username: this.user });
    try {
      await logOff();
    } catch (error) {
      if (error.kind !== 'transport') throw error;
      await logOff(); // to do so twice does no harm, to leave the session open locks the user out
    }
  }

  async #logInAgain() {
    try {
      await this.#endSession();
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // there was none to end; whether the log-in works is what counts
    }
    this.#key = null;
    this.#key = await this.#openSession();
  }

  /** Make a call with the session's key: one new log-in, and the call once more, where the key has gone stale. */
  async #call(service, operation, request, afterKey = {}) {
    if (this.#key === null) throw new ClientError('failed', 'log in first');
    const attempt = () => this.#paced(operation, () => this.#ask(service, operation, this.#signed(operation, request, afterKey)));
    try {
      return await attempt();
    } catch (error) {
      // Refused for its key, a call was not carried out, so even an append may be repeated.
      if (!(error instanceof Refused && error.isStaleKey)) throw error;
    }
    await this.#logInAgain();
    return await attempt();
  }

  /** The request with the session's key where the WSDL has it, for soap writes elements in the order they come. */
  #signed(operation, request, afterKey) {
    if (operation === 'GetContactStatus') return { sessionKey: this.#key, ...request };
    const name = /By(PhoneNumber|CustomField)$/.test(operation) ? 'sessionkey' : 'sessionKey';
    return { ...request, [name]: this.#key, ...afterKey };
  }

  async #number(service, operation, request, afterKey = {}) {
    const result = await this.#call(service, operation, request, afterKey);
    if (!Number.isInteger(result)) throw answerLost(`${operation}: an answer without a result`);
    return result;
  }

  async #paced(operation, call) {
    if (!PACED.has(operation)) return await call();
    await sleep(Math.max(0, (this.#answered.get(operation) ?? -PAUSE) + PAUSE - performance.now()));
    try {
      return await call();
    } finally {
      this.#answered.set(operation, performance.now());
    }
  }

  /** One SOAP call: its result, Refused for a fault, 'transport' for an answer that is neither. */
  async #ask(service, operation, request) {
    const args = withoutNulls(request);
    if (!allTexts(args).every((one) => one.isWellFormed() && !NOT_IN_XML.test(one))) {
      throw new ClientError('failed', `${operation}: a text has a character that XML cannot carry`);
    }
    try {
      const [response] = await this[service][`${operation}Async`](args, this.http);
      return response?.[`${operation}Result`] ?? null;
    } catch (error) {
      const fault = error.root?.Envelope?.Body?.Fault;
      if (!fault) throw answerLost(`${operation}: ${error.message ?? error.Fault?.detail ?? error}`);
      const words = fault.faultstring?.$value ?? fault.faultstring ?? '';
      throw new Refused(words, Number(fault.detail?.Error?.ErrorNumber) || null);
    }
  }

  async #campaigns() {
    return listOf((await this.#call('campaign', 'GetCampaigns', {}))?.CampaignList?.OWCampaign);
  }

  /** The id of one of the campaign's own disposition codes: the server takes no other. */
  async #codeId(campaignId, name) {
    const campaign = (await this.#campaigns()).find((one) => one.ID === campaignId);
    if (!campaign) throw new ClientError('not-found', `campaign ${campaignId} is not among the active campaigns`);
    const code = listOf(campaign.DispositionCodes?.OWDispositioncode).find((one) => one.Name === name);
    if (!code) throw new ClientError('not-linked', `no disposition code '${name}' is linked to campaign ${campaignId}`);
    return code.Id;
  }
}

// The WSDL's names, in its order, and those of the JSON protocol.
const PHONE_NUMBER = { IntCode: 'int_code', AreaCode: 'area_code', PhoneNo: 'phone_no' };
const CUSTOM_FIELD = { Name: 'name', Text: 'text', IsTextVisible: 'is_text_visible' };
const ADDRESS = {
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`AddressLine${n}`, `line${n}`])),
  Country: 'country',
  PostCode: 'post_code',
};

const toOW = (value, names) =>
  value && Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [theirs, value[ours]]));

const fromOW = (value, names) =>
  value && Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [ours, value[theirs] ?? null]));

const toOWContact = (contact) => ({
  ContactID: 0, // given out by the server
  CampaignName: contact.campaign_name,
  Address: toOW(contact.address, ADDRESS),
  CustomFieldList: contact.custom_fields && { OWCustomField: contact.custom_fields.map((one) => toOW(one, CUSTOM_FIELD)) },
  EmailAddress: contact.email_address,
  FirstName: contact.first_name,
  LastName: contact.last_name,
  PhoneNumber: toOW(contact.phone_number, PHONE_NUMBER),
  PreferredAgentID: contact.preferred_agent_id ?? 0,
  PreferredAgentSpecified: contact.preferred_agent_specified ?? false,
  Title: contact.title,
  SkillsetID: contact.skillset_id,
});

const fromOWContact = (contact) => ({
  contact_id: contact.ContactID,
  campaign_name: contact.CampaignName ?? null,
  address: fromOW(contact.Address, ADDRESS) ?? null,
  custom_fields: contact.CustomFieldList
    ? listOf(contact.CustomFieldList.OWCustomField).map((one) => fromOW(one, CUSTOM_FIELD))
    : null,
  email_address: contact.EmailAddress ?? null,
  first_name: contact.FirstName ?? null,
  last_name: contact.LastName ?? null,
  phone_number: fromOW(contact.PhoneNumber, PHONE_NUMBER) ?? null,
  preferred_agent_id: contact.PreferredAgentID,
  preferred_agent_specified: contact.PreferredAgentSpecified,
  title: contact.Title ?? null,
  skillset_id: contact.SkillsetID,
});

// A server may say "none" as an empty list, as no list, or as no result.
const listOf = (value) => (value == null ? [] : [value].flat());
const contactsIn = (result) => listOf(result?.ContactList?.OWContact).map(fromOWContact);

/** How a contact is named: its id, or a custom field's name and text. */
function wayTo(contactId, field) {
  if (field != null) return { contactId: 0, customFieldName: field.name, customFieldValue: field.text };
  if (!(contactId > 0)) throw new ClientError('not-found', `${contactId} is no contact's id`);
  return { contactId };
}

/** Without what is null or undefined, whose elements are to be left out. */
function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one == null ? [] : [[name, withoutNulls(one)]])),
  );
}

const allTexts = (value) =>
  typeof value === 'string' ? [value] : typeof value === 'object' ? Object.values(value).flatMap(allTexts) : [];

// From here on: the JSON lines with which ccmm-contracts drives this example.

const CAN = ['log_in', 'list_campaigns', 'fetch_contacts', 'append_contacts', 'close_contact', 'find_contact_id',
  'find_contacts', 'contact_status', 'log_off', 'end'];
let client = null;

async function answer({ do: what, ...request }) {
  if (what === 'hello') return { name: 'node soap', can: ['start', ...CAN], protocol: 1 };
  if (what === 'start') {
    await client?.end().catch(() => {}); // nobody asks any more
    client = await CcmmClient.start(request);
    return null;
  }
  if (!CAN.includes(what)) throw new ClientError('unsupported', `this client cannot ${what}`);
  if (client === null) throw new ClientError('failed', 'start comes first');
  return (await client[what](request)) ?? null;
}

// Not node:readline, which would also end a line at U+2028 inside of a name.
async function* lines(stream) {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    yield* parts;
  }
}

for await (const line of lines(process.stdin)) {
  let id = null;
  let reply;
  try {
    const request = JSON.parse(line);
    id = request.id;
    delete request.id;
    reply = { id, ok: await answer(request) };
  } catch (error) {
    reply = { id, error: { kind: error.kind ?? 'failed', message: error.message } };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
await client?.end().catch(() => {});
