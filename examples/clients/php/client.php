<?php

// A client of CCMM's Outbound Web Services made from their WSDL with PHP's own SoapClient (ext-soap).
//
// CcmmClient is the part to copy. Started as a program it is driven over JSON lines: see ../README.md.

declare(strict_types=1);

const TARGET = 'http://nortel.com/CCMMOutboundWebservices/';
const TIMEOUT = 10;
const PAGE = 200;
// Seconds between two appends, and between two closings: the server allows one a second.
const PAUSE = 1.05;
const PACED = ['AppendContactsToCampaign', 'CloseContact'];
// 1 (highest) to 6, sent where the WSDL has `priority` in AppendContactsToCampaign; elsewhere SoapClient drops it.
const PRIORITY = 3;

/** What went wrong; kind is one of the protocol's. */
class ClientError extends Exception
{
    public function __construct(public readonly string $kind, string $message)
    {
        parent::__construct($message);
    }
}

/** A SOAP fault: words are the server's own, number is the ErrorNumber of its detail, 0 if there is none. */
class Refused extends ClientError
{
    public function __construct(public readonly string $words, public readonly int $number, string $note = '')
    {
        parent::__construct('refused', $words . $note);
    }

    public function isAlreadyLoggedIn(): bool
    {
        return $this->number === 2801 || str_contains($this->words, 'already logged in');
    }

    public function isStaleKey(): bool
    {
        return $this->number === 2805 || str_contains($this->words, 'Expired') || str_contains($this->words, 'session key');
    }
}

/** No answer, or none that can be read: the call may have been carried out or not. */
class AnswerLost extends ClientError
{
    public function __construct(string $message)
    {
        parent::__construct('transport', $message);
    }
}

/** A SoapClient that tells the server's faults from its own. */
class CcmmService extends SoapClient
{
    public function __construct(string $url, ?string $ca)
    {
        $tls = $ca === null ? [] : ['cafile' => $ca];
        try {
            // SoapClient raises a warning besides the fault.
            @parent::__construct("$url?wsdl", [
                'location' => $url,  // what the WSDL gives may be an address that only the server itself can reach
                'soap_version' => SOAP_1_1,
                'cache_wsdl' => WSDL_CACHE_NONE,
                'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
                'exceptions' => true,
                // A connection for each call: the server may close a kept one just as an append is on its way.
                'keep_alive' => false,
                'connection_timeout' => TIMEOUT,
                'stream_context' => stream_context_create(['ssl' => $tls, 'http' => ['timeout' => TIMEOUT]]),
            ]);
        } catch (SoapFault $fault) {
            throw new AnswerLost("$url?wsdl: {$fault->getMessage()}");
        }
    }

    /** One call, sent once: its result, or null where there is none. */
    public function ask(string $operation, array $arguments): mixed
    {
        array_walk_recursive($arguments, function ($one) use ($operation) {
            if (is_string($one) && !preg_match('/^[^\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]*$/uD', $one)) {
                throw new ClientError('failed', "$operation: a text has a character that XML cannot carry");
            }
        });
        try {
            return @$this->__soapCall($operation, [$arguments])->{"{$operation}Result"} ?? null;
        } catch (SoapFault $fault) {
            // The server's faults have a qualified code, such as soap:Client; SoapClient's own are HTTP, Client and so on.
            if (!str_contains((string) $fault->faultcode, ':')) {
                throw new AnswerLost("$operation: {$fault->faultstring}");
            }
            throw new Refused($fault->faultstring, (int) ($fault->detail->Error->ErrorNumber ?? 0));
        }
    }
}

/** One user's work with the services. Every error is a ClientError; end() leaves no session open. */
class CcmmClient
{
    private CcmmService $utility;
    private CcmmService $campaign;
    private CcmmService $contact;
    private ?string $key = null;
    private array $answered = [];

    public function __construct(
        array $services,
        private readonly string $user,
        private readonly string $password,
        private readonly bool $take_over = false,
        ?string $ca = null,
    ) {
        $this->utility = new CcmmService($services['utility'], $ca);
        $this->campaign = new CcmmService($services['campaign'], $ca);
        $this->contact = new CcmmService($services['contact'], $ca);
    }

    /** Open the session. One that is open already is taken over only where take_over says so. */
    public function log_in(): void
    {
        if ($this->key !== null) {
            return;
        }
        try {
            $this->key = $this->openSession();
        } catch (ClientError $error) {
            $inTheWay = match ($error->kind) {
                'already-logged-in' => $this->take_over,
                // An expired session serves nobody, but it may still be in the way of a new one.
                'login-refused' => str_contains($error->getMessage(), 'Expired'),
                default => false,
            };
            if (!$inTheWay) {
                throw $error;
            }
            $this->logInAgain();
        }
    }

    /** The campaigns that are Running, Waiting or Paused. */
    public function list_campaigns(): array
    {
        return array_map(fn ($one) => [
            'campaign_id' => $one->ID,
            'name' => $one->Name ?? null,
            'status' => $one->Status->Name ?? null,
            'number_of_contacts' => $one->NumberOfContacts,
        ], $this->campaigns());
    }

    /** All contacts of a campaign, page by page, each page asked for with the last id of the one before. */
    public function fetch_contacts(int $campaign_id): array
    {
        $contacts = [];
        $last = 0;
        while (true) {
            $arguments = ['CampaignID' => $campaign_id, 'LastContactID' => $last];
            $page = contactsIn($this->call($this->campaign, 'Get200CampaignContacts', $arguments));
            array_push($contacts, ...$page);
            // A short page is the last one. NumberOfContacts does not tell: contacts may come in while we read.
            if (count($page) < PAGE) {
                return $contacts;
            }
            $next = end($page)['contact_id'];
            if ($next <= $last) {
                throw new ClientError('failed', "the page after contact $last ends with contact $next");
            }
            $last = $next;
        }
    }

    /** Append contacts one by one, a second apart, up to the first error; it says how far it came. */
    public function append_contacts(int $campaign_id, array $contacts): array
    {
        foreach ($contacts as $done => $contact) {
            $arguments = ['CampaignID' => $campaign_id, 'contact' => toOWContact($contact), 'priority' => PRIORITY];
            try {
                $result = $this->number($this->campaign, 'AppendContactsToCampaign', $arguments);
            } catch (AnswerLost $error) {
                // Not sent again: the server does not check for duplicates, and nobody wants to be called twice.
                throw new AnswerLost("may or may not have been appended, $done were before it: {$error->getMessage()}");
            } catch (Refused $error) {
                throw new Refused($error->words, $error->number, " ($done appended before)");
            }
            if ($result !== 1) {
                throw new ClientError('failed', "the server answered $result: not appended ($done appended before)");
            }
        }
        return ['appended' => count($contacts)];
    }

    /** Close a contact named by its id or by a custom field, with one of the campaign's codes by its name. */
    public function close_contact(
        int $campaign_id,
        ?int $contact_id = null,
        ?array $custom_field = null,
        ?string $text = null,
        ?string $disposition = null,
    ): void {
        $way = wayTo($contact_id, $custom_field);
        $code = $disposition === null ? null : $this->codeId($campaign_id, $disposition);
        $result = $this->number($this->contact, 'CloseContact', [
            'campaignId' => $campaign_id,
            ...$way,
            'customFieldSpecified' => $custom_field !== null,
            'closureText' => $text,
            'closedReasonCodeValue' => $code ?? 0,
            'closedReasonCodeSpecified' => $code !== null,
        ]);
        if ($result < 0) {
            throw new ClientError('failed', "the server answered $result: not closed");
        }
    }

    /** The id of the first contact with that number, or null: the server's -1 is nobody's id. */
    public function find_contact_id(int $campaign_id, array $phone_number): ?int
    {
        $arguments = ['phoneNumber' => toOW($phone_number, PHONE_NUMBER), 'CampaignID' => $campaign_id];
        $result = $this->number($this->contact, 'GetContactIDByPhoneNumber', $arguments);
        return $result === -1 ? null : $result;
    }

    /** The contacts with that number or custom field; status narrows them to New or Closed ones. */
    public function find_contacts(
        int $campaign_id,
        ?array $phone_number = null,
        ?array $custom_field = null,
        ?string $status = null,
    ): array {
        [$operation, $what] = $custom_field === null
            ? ['FindContactsByPhoneNumber', ['PhoneNumber' => toOW($phone_number, PHONE_NUMBER)]]
            : ['FindContactsByCustomField', ['CustomField' => toOW($custom_field, CUSTOM_FIELD)]];
        $wanted = $status === null ? [] : ['ContactStatus' => ['Id' => 0, 'Name' => $status]];
        return contactsIn($this->call($this->contact, $operation, [...$wanted, 'CampaignID' => $campaign_id, ...$what]));
    }

    /** The name of the status of a contact named by its id or by a custom field. */
    public function contact_status(int $campaign_id, ?int $contact_id = null, ?array $custom_field = null): string
    {
        $way = wayTo($contact_id, $custom_field);
        $arguments = ['campaignID' => $campaign_id, ...$way, 'customFieldPassed' => $custom_field !== null];
        $status = $this->call($this->contact, 'GetContactStatus', $arguments);
        return $status->Name ?? throw new ClientError('not-found', 'the server told no status of that contact');
    }

    /** End the session, if there is one. */
    public function log_off(): void
    {
        if ($this->key !== null) {
            $this->endSession();
            $this->key = null;
        }
    }

    /** The work is over. */
    public function end(): void
    {
        $this->log_off();
    }

    private function openSession(): string
    {
        try {
            $key = $this->utility->ask('OutboundLogin', ['username' => $this->user, 'password' => $this->password]);
        } catch (Refused $error) {
            throw new ClientError($error->isAlreadyLoggedIn() ? 'already-logged-in' : 'login-refused', $error->words);
        }
        return $key ?: throw new ClientError('failed', 'the server answered the log-in without a session key');
    }

    private function endSession(): void
    {
        try {
            $this->utility->ask('OutboundLogoff', ['username' => $this->user]);
        } catch (AnswerLost) {
            // To log off twice does no harm, to leave the session open locks the user out.
            $this->utility->ask('OutboundLogoff', ['username' => $this->user]);
        }
    }

    private function logInAgain(): void
    {
        try {
            $this->endSession();
        } catch (Refused) {
            // There was none to end; whether the log-in works is what counts.
        }
        $this->key = null;
        $this->key = $this->openSession();
    }

    /** Make a call with the session's key: one new log-in, and the call once more, where the key has gone stale. */
    private function call(CcmmService $service, string $operation, array $arguments): mixed
    {
        if ($this->key === null) {
            throw new ClientError('failed', 'log in first');
        }
        try {
            return $this->paced($service, $operation, $arguments);
        } catch (Refused $error) {
            // Refused for its key, a call was not carried out, so even an append may be repeated.
            if (!$error->isStaleKey()) {
                throw $error;
            }
        }
        $this->logInAgain();
        return $this->paced($service, $operation, $arguments);
    }

    private function paced(CcmmService $service, string $operation, array $arguments): mixed
    {
        // Both spellings occur; SoapClient takes the one that the WSDL has.
        $arguments += ['sessionKey' => $this->key, 'sessionkey' => $this->key];
        if (!in_array($operation, PACED, true)) {
            return $service->ask($operation, $arguments);
        }
        $wait = ($this->answered[$operation] ?? -INF) + PAUSE - hrtime(true) / 1e9;
        if ($wait > 0) {
            usleep((int) ceil($wait * 1e6));
        }
        try {
            return $service->ask($operation, $arguments);
        } finally {
            $this->answered[$operation] = hrtime(true) / 1e9;
        }
    }

    private function number(CcmmService $service, string $operation, array $arguments): int
    {
        $result = $this->call($service, $operation, $arguments);
        return is_int($result) ? $result : throw new AnswerLost("$operation: an answer without a result");
    }

    private function campaigns(): array
    {
        return $this->call($this->campaign, 'GetCampaigns', [])->CampaignList->OWCampaign ?? [];
    }

    /** The id of one of the campaign's own disposition codes: the server takes no other. */
    private function codeId(int $campaignId, string $name): int
    {
        foreach ($this->campaigns() as $campaign) {
            if ($campaign->ID === $campaignId) {
                foreach ($campaign->DispositionCodes->OWDispositioncode ?? [] as $code) {
                    if (($code->Name ?? null) === $name) {
                        return $code->Id;
                    }
                }
                throw new ClientError('not-linked', "no disposition code '$name' is linked to campaign $campaignId");
            }
        }
        throw new ClientError('not-found', "campaign $campaignId is not among the active campaigns");
    }
}

// The WSDL's names, and those of the JSON protocol.
const PHONE_NUMBER = ['IntCode' => 'int_code', 'AreaCode' => 'area_code', 'PhoneNo' => 'phone_no'];
const CUSTOM_FIELD = ['Name' => 'name', 'Text' => 'text', 'IsTextVisible' => 'is_text_visible'];
const ADDRESS = [
    'AddressLine1' => 'line1', 'AddressLine2' => 'line2', 'AddressLine3' => 'line3', 'AddressLine4' => 'line4',
    'AddressLine5' => 'line5', 'Country' => 'country', 'PostCode' => 'post_code',
];
const CONTACT = [
    'ContactID' => 'contact_id', 'CampaignName' => 'campaign_name', 'EmailAddress' => 'email_address',
    'FirstName' => 'first_name', 'LastName' => 'last_name', 'PreferredAgentID' => 'preferred_agent_id',
    'PreferredAgentSpecified' => 'preferred_agent_specified', 'Title' => 'title', 'SkillsetID' => 'skillset_id',
];

/** What SoapClient makes a type of the WSDL from; an element is left out where its key is not there. */
function toOW(?array $value, array $names): ?array
{
    if ($value === null) {
        return null;
    }
    $members = array_map(fn ($ours) => $value[$ours] ?? (str_starts_with($ours, 'is_') ? false : null), $names);
    return array_filter($members, fn ($one) => $one !== null);
}

function fromOW(?object $value, array $names): ?array
{
    return $value === null ? null : array_combine($names, array_map(fn ($one) => $value->$one ?? null, array_keys($names)));
}

function toOWContact(array $contact): array
{
    $fields = $contact['custom_fields'] ?? null;
    $parts = [
        'Address' => toOW($contact['address'] ?? null, ADDRESS),
        'PhoneNumber' => toOW($contact['phone_number'] ?? null, PHONE_NUMBER),
        'CustomFieldList' => $fields === null ? null : ['OWCustomField' => array_map(fn ($one) => toOW($one, CUSTOM_FIELD), $fields)],
    ];
    $contact['contact_id'] = 0;  // given out by the server
    $numbers = ['PreferredAgentID' => 0, 'PreferredAgentSpecified' => false, 'SkillsetID' => 0];
    return toOW($contact, CONTACT) + array_filter($parts, fn ($one) => $one !== null) + $numbers;
}

function fromOWContact(object $contact): array
{
    $fields = $contact->CustomFieldList ?? null;
    return [
        ...fromOW($contact, CONTACT),
        'address' => fromOW($contact->Address ?? null, ADDRESS),
        'phone_number' => fromOW($contact->PhoneNumber ?? null, PHONE_NUMBER),
        'custom_fields' => $fields === null ? null : array_map(fn ($one) => fromOW($one, CUSTOM_FIELD), $fields->OWCustomField ?? []),
    ];
}

/** A server may say "none" as an empty list, as no list, or as no result. */
function contactsIn(?object $result): array
{
    return array_map(fromOWContact(...), $result->ContactList->OWContact ?? []);
}

/** How a contact is named: its id, or a custom field's name and text. */
function wayTo(?int $contactId, ?array $field): array
{
    if ($field !== null) {
        return ['contactId' => 0, 'customFieldName' => $field['name'], 'customFieldValue' => $field['text']];
    }
    if ($contactId === null || $contactId <= 0) {
        throw new ClientError('not-found', ($contactId ?? 'null') . " is no contact's id");
    }
    return ['contactId' => $contactId];
}

// From here on: the JSON lines with which ccmm-contracts drives this example.

const CAN = [
    'log_in', 'list_campaigns', 'fetch_contacts', 'append_contacts', 'close_contact', 'find_contact_id',
    'find_contacts', 'contact_status', 'log_off', 'end',
];

function endQuietly(?CcmmClient $client): void
{
    try {
        $client?->end();
    } catch (ClientError) {
        // Nobody asks any more.
    }
}

ini_set('default_socket_timeout', (string) TIMEOUT);
ini_set('display_errors', 'stderr');
ini_set('memory_limit', '-1');
$client = null;
while (($line = fgets(STDIN)) !== false) {
    $id = null;
    try {
        $request = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        ['id' => $id, 'do' => $do] = $request;
        unset($request['id'], $request['do']);
        if ($do === 'hello') {
            $ok = ['name' => 'php', 'can' => ['start', ...CAN], 'protocol' => 1];
        } elseif ($do === 'start') {
            endQuietly($client);
            $client = new CcmmClient(...$request);
            $ok = null;
        } elseif (!in_array($do, CAN, true)) {
            throw new ClientError('unsupported', "this client cannot $do");
        } else {
            $ok = ($client ?? throw new ClientError('failed', 'start comes first'))->$do(...$request);
        }
        $answer = ['id' => $id, 'ok' => $ok];
    } catch (ClientError $error) {
        $answer = ['id' => $id, 'error' => ['kind' => $error->kind, 'message' => $error->getMessage()]];
    } catch (Throwable $error) {
        $answer = ['id' => $id, 'error' => ['kind' => 'failed', 'message' => $error->getMessage()]];
    }
    echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
endQuietly($client);
