// A client of CCMM's Outbound Web Services with nothing but JDK 17: SOAP 1.1 over java.net.http and javax.xml.
//
// CcmmClient and Soap are the parts to copy. `java Client.java` is driven over JSON lines: see ../README.md.

import java.io.*;
import java.net.URI;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import javax.net.ssl.*;
import javax.xml.parsers.*;
import org.w3c.dom.*;

public final class Client {

    /** What went wrong; kind is one of the protocol's. */
    static class ClientError extends RuntimeException {
        final String kind;

        ClientError(String kind, String message) {
            super(message);
            this.kind = kind;
        }
    }

    /** A SOAP fault: words are the server's own, number is the ErrorNumber of its detail, 0 if there is none. */
    static final class Refused extends ClientError {
        final String words;
        final int number;

        Refused(String words, int number, String note) {
            super("refused", words + note);
            this.words = words;
            this.number = number;
        }

        boolean isAlreadyLoggedIn() {
            return number == 2801 || words.contains("already logged in");
        }

        boolean isStaleKey() {
            return number == 2805 || words.contains("Expired") || words.contains("session key");
        }
    }

    /** No answer, or none that can be read: the call may have been carried out or not. */
    static final class AnswerLost extends ClientError {
        AnswerLost(String message) {
            super("transport", message);
        }
    }

    /** One user's work with the services. Every error is a ClientError; end() leaves no session open. */
    static final class CcmmClient {
        static final int PAGE = 200;
        /** Between two appends, and between two closings: the server allows one a second. */
        static final Duration PAUSE = Duration.ofMillis(1050);
        static final Set<String> PACED = Set.of("AppendContactsToCampaign", "CloseContact");
        /** 1 (highest) to 6, for a server whose WSDL has `priority` in AppendContactsToCampaign; null for others. */
        static final Long PRIORITY = null;

        private final Soap soap;
        private final String user;
        private final String password;
        private final boolean takeOver;
        private String key;
        private final Map<String, Long> answered = new HashMap<>();

        CcmmClient(Soap soap, String user, String password, boolean takeOver) {
            this.soap = soap;
            this.user = user;
            this.password = password;
            this.takeOver = takeOver;
        }

        /** Open the session. One that is open already is taken over only where takeOver says so. */
        void logIn() {
            if (key != null) return;
            try {
                key = openSession();
            } catch (ClientError error) {
                boolean inTheWay = switch (error.kind) {
                    case "already-logged-in" -> takeOver;
                    // An expired session serves nobody, but it may still be in the way of a new one.
                    case "login-refused" -> error.getMessage().contains("Expired");
                    default -> false;
                };
                if (!inTheWay) throw error;
                logInAgain();
            }
        }

        /** The campaigns that are Running, Waiting or Paused. */
        List<Object> listCampaigns() {
            List<Object> told = new ArrayList<>();
            for (Map<String, Object> one : campaigns()) {
                Map<String, Object> campaign = new LinkedHashMap<>(one);
                campaign.remove("disposition_codes");
                campaign.replace("status", one.get("status") == null ? null : map(one.get("status")).get("name"));
                told.add(campaign);
            }
            return told;
        }

        /** All contacts of a campaign, page by page, each page asked for with the last id of the one before. */
        List<Map<String, Object>> fetchContacts(long campaignId) {
            List<Map<String, Object>> contacts = new ArrayList<>();
            long last = 0;
            while (true) {
                List<Map<String, Object>> page = contacts(call("campaign", "Get200CampaignContacts", Soap.CONTACTS,
                    number("CampaignID", campaignId), number("LastContactID", last), sessionKey("sessionKey")));
                contacts.addAll(page);
                // A short page is the last one. NumberOfContacts does not tell: contacts may come in while we read.
                if (page.size() < PAGE) return contacts;
                long next = (Long) page.get(page.size() - 1).get("contact_id");
                if (next <= last) {
                    throw new ClientError("failed", "the page after contact " + last + " ends with contact " + next);
                }
                last = next;
            }
        }

        /** Append contacts one by one, a second apart, up to the first error; it says how far it came. */
        Map<String, Object> appendContacts(long campaignId, List<Object> contacts) {
            int done = 0;
            for (Object one : contacts) {
                Map<String, Object> contact = new HashMap<>(map(one));
                contact.put("contact_id", 0L); // given out by the server
                List<Argument> arguments = new ArrayList<>(List.of(number("CampaignID", campaignId),
                    new Argument("contact", contact, Soap.CONTACT), sessionKey("sessionKey")));
                if (PRIORITY != null) arguments.add(number("priority", PRIORITY));
                long result;
                try {
                    result = (Long) call("campaign", "AppendContactsToCampaign", Plain.NUMBER,
                        arguments.toArray(Argument[]::new));
                } catch (AnswerLost error) {
                    // Not sent again: the server does not check for duplicates, and nobody wants to be called twice.
                    throw new AnswerLost("may or may not have been appended, " + done + " were before it: "
                        + error.getMessage());
                } catch (Refused error) {
                    throw new Refused(error.words, error.number, " (" + done + " appended before)");
                }
                if (result != 1) {
                    throw new ClientError("failed",
                        "the server answered " + result + ": not appended (" + done + " appended before)");
                }
                done++;
            }
            return Map.of("appended", (long) done);
        }

        /** Close a contact named by its id or by a custom field (or null), with one of the campaign's codes by name. */
        void closeContact(long campaignId, Long contactId, Map<String, Object> field, String text, String disposition) {
            long id = idOr0(contactId, field);
            Long code = disposition == null ? null : codeId(campaignId, disposition);
            long result = (Long) call("contact", "CloseContact", Plain.NUMBER,
                number("campaignId", campaignId),
                number("contactId", id),
                text("customFieldName", field == null ? null : (String) field.get("name")),
                text("customFieldValue", field == null ? null : (String) field.get("text")),
                truth("customFieldSpecified", field != null),
                text("closureText", text),
                number("closedReasonCodeValue", code == null ? 0 : code),
                truth("closedReasonCodeSpecified", code != null),
                sessionKey("sessionKey"));
            if (result < 0) throw new ClientError("failed", "the server answered " + result + ": not closed");
        }

        /** The id of the first contact with that number, or null: the server's -1 is nobody's id. */
        Long findContactId(long campaignId, Map<String, Object> phoneNumber) {
            Long result = (Long) call("contact", "GetContactIDByPhoneNumber", Plain.NUMBER,
                new Argument("phoneNumber", phoneNumber, Soap.PHONE_NUMBER),
                number("CampaignID", campaignId),
                sessionKey("sessionkey"));
            return result == -1 ? null : result;
        }

        /** The contacts with that number or custom field; status (or null) narrows them to New or Closed ones. */
        List<Map<String, Object>> findContacts(long campaignId, Map<String, Object> phoneNumber,
                Map<String, Object> field, String status) {
            Map<String, Object> wanted = status == null ? null : Map.of("name", status);
            return contacts(call("contact", field == null ? "FindContactsByPhoneNumber" : "FindContactsByCustomField",
                Soap.CONTACTS,
                new Argument("ContactStatus", wanted, Soap.STATUS),
                number("CampaignID", campaignId),
                field == null
                    ? new Argument("PhoneNumber", phoneNumber, Soap.PHONE_NUMBER)
                    : new Argument("CustomField", field, Soap.CUSTOM_FIELD),
                sessionKey("sessionkey")));
        }

        /** The name of the status of a contact named by its id or by a custom field (or null). */
        String contactStatus(long campaignId, Long contactId, Map<String, Object> field) {
            Object status = call("contact", "GetContactStatus", Soap.STATUS,
                sessionKey("sessionKey"),
                number("contactId", idOr0(contactId, field)),
                number("campaignID", campaignId),
                text("customFieldName", field == null ? null : (String) field.get("name")),
                text("customFieldValue", field == null ? null : (String) field.get("text")),
                truth("customFieldPassed", field != null));
            Object name = status == null ? null : map(status).get("name");
            if (name == null) throw new ClientError("not-found", "the server told no status of that contact");
            return (String) name;
        }

        /** End the session, if there is one. */
        void logOff() {
            if (key == null) return;
            endSession();
            key = null;
        }

        /** The work is over. */
        void end() {
            logOff();
        }

        private String openSession() {
            try {
                Object result = soap.call("utility", "OutboundLogin", Plain.TEXT,
                    text("username", user), text("password", password));
                if (result != null && !result.equals("")) return (String) result;
            } catch (Refused error) {
                throw new ClientError(error.isAlreadyLoggedIn() ? "already-logged-in" : "login-refused", error.words);
            }
            throw new ClientError("failed", "the server answered the log-in without a session key");
        }

        private void endSession() {
            try {
                soap.call("utility", "OutboundLogoff", Plain.TEXT, text("username", user));
            } catch (AnswerLost lost) {
                // To log off twice does no harm, to leave the session open locks the user out.
                soap.call("utility", "OutboundLogoff", Plain.TEXT, text("username", user));
            }
        }

        private void logInAgain() {
            try {
                endSession();
            } catch (Refused refused) {
                // There was none to end; whether the log-in works is what counts.
            }
            key = null;
            key = openSession();
        }

        /** Make a call with the session's key: one new log-in, and the call once more, where the key has gone stale. */
        private Object call(String service, String operation, Kind result, Argument... arguments) {
            if (key == null) throw new ClientError("failed", "log in first");
            try {
                return paced(service, operation, result, arguments);
            } catch (Refused error) {
                // Refused for its key, a call was not carried out, so even an append may be repeated.
                if (!error.isStaleKey()) throw error;
            }
            logInAgain();
            return paced(service, operation, result, arguments);
        }

        private Object paced(String service, String operation, Kind result, Argument[] arguments) {
            Argument[] signed = Arrays.stream(arguments)
                .map(one -> one.value == SESSION_KEY ? text(one.element, key) : one).toArray(Argument[]::new);
            if (!PACED.contains(operation)) return soap.call(service, operation, result, signed);
            Long before = answered.get(operation);
            try {
                if (before != null) {
                    long wait = before + PAUSE.toNanos() - System.nanoTime();
                    TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
                }
                return soap.call(service, operation, result, signed);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new ClientError("failed", operation + ": interrupted before it was sent");
            } finally {
                answered.put(operation, System.nanoTime());
            }
        }

        private List<Map<String, Object>> campaigns() {
            Object result = call("campaign", "GetCampaigns", Soap.CAMPAIGNS, sessionKey("sessionKey"));
            return result == null ? List.of() : maps(map(result).get("campaigns"));
        }

        /** The id of one of the campaign's own disposition codes: the server takes no other. */
        private long codeId(long campaignId, String name) {
            Map<String, Object> campaign = campaigns().stream()
                .filter(one -> one.get("campaign_id").equals(campaignId)).findFirst()
                .orElseThrow(() -> new ClientError("not-found",
                    "campaign " + campaignId + " is not among the active campaigns"));
            return maps(campaign.get("disposition_codes")).stream()
                .filter(one -> name.equals(one.get("name"))).map(one -> (Long) one.get("id")).findFirst()
                .orElseThrow(() -> new ClientError("not-linked",
                    "no disposition code '" + name + "' is linked to campaign " + campaignId));
        }

        /** A server may say "none" as an empty list, as no list, or as no result. */
        private static List<Map<String, Object>> contacts(Object result) {
            return result == null ? List.of() : maps(map(result).get("contacts"));
        }

        /** The id that goes out: 0 where the contact is named by a custom field. */
        private static long idOr0(Long contactId, Map<String, Object> field) {
            if (field != null) return 0;
            if (contactId == null || contactId <= 0) {
                throw new ClientError("not-found", contactId + " is no contact's id");
            }
            return contactId;
        }
    }

    /** How a value is written in XML. */
    sealed interface Kind permits Plain, Type, ListOf {}

    enum Plain implements Kind { TEXT, NUMBER, TRUTH }

    /** A type of the data, its members in the WSDL's order. */
    record Type(Member... members) implements Kind {}

    record ListOf(String element, Type type) implements Kind {}

    /** A member of a type: the element's name, ours, and its kind. */
    record Member(String element, String name, Kind kind) {}

    /** An argument of an operation; a null text or object is an element left out. */
    record Argument(String element, Object value, Kind kind) {}

    private static final Object SESSION_KEY = new Object();

    static Argument sessionKey(String element) {
        return new Argument(element, SESSION_KEY, Plain.TEXT);
    }

    static Argument text(String element, String value) {
        return new Argument(element, value, Plain.TEXT);
    }

    static Argument number(String element, long value) {
        return new Argument(element, value, Plain.NUMBER);
    }

    static Argument truth(String element, boolean value) {
        return new Argument(element, value, Plain.TRUTH);
    }

    /** The three services by their addresses (utility, campaign, contact); no call is ever sent twice. */
    static final class Soap {
        static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
        static final String SERVICES = "http://nortel.com/CCMMOutboundWebservices/";
        static final String DATA = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com";
        static final int TIMEOUT_SECONDS = 10;

        static final Type STATUS = new Type(
            new Member("Id", "id", Plain.NUMBER), new Member("Name", "name", Plain.TEXT));
        static final Type PHONE_NUMBER = new Type(
            new Member("IntCode", "int_code", Plain.TEXT),
            new Member("AreaCode", "area_code", Plain.TEXT),
            new Member("PhoneNo", "phone_no", Plain.TEXT));
        static final Type CUSTOM_FIELD = new Type(
            new Member("Name", "name", Plain.TEXT),
            new Member("Text", "text", Plain.TEXT),
            new Member("IsTextVisible", "is_text_visible", Plain.TRUTH));
        static final Type ADDRESS = new Type(
            new Member("AddressLine1", "line1", Plain.TEXT),
            new Member("AddressLine2", "line2", Plain.TEXT),
            new Member("AddressLine3", "line3", Plain.TEXT),
            new Member("AddressLine4", "line4", Plain.TEXT),
            new Member("AddressLine5", "line5", Plain.TEXT),
            new Member("Country", "country", Plain.TEXT),
            new Member("PostCode", "post_code", Plain.TEXT));
        static final Type CONTACT = new Type(
            new Member("ContactID", "contact_id", Plain.NUMBER),
            new Member("CampaignName", "campaign_name", Plain.TEXT),
            new Member("Address", "address", ADDRESS),
            new Member("CustomFieldList", "custom_fields", new ListOf("OWCustomField", CUSTOM_FIELD)),
            new Member("EmailAddress", "email_address", Plain.TEXT),
            new Member("FirstName", "first_name", Plain.TEXT),
            new Member("LastName", "last_name", Plain.TEXT),
            new Member("PhoneNumber", "phone_number", PHONE_NUMBER),
            new Member("PreferredAgentID", "preferred_agent_id", Plain.NUMBER),
            new Member("PreferredAgentSpecified", "preferred_agent_specified", Plain.TRUTH),
            new Member("Title", "title", Plain.TEXT),
            new Member("SkillsetID", "skillset_id", Plain.NUMBER));
        static final Type CONTACTS = new Type(new Member("ContactList", "contacts", new ListOf("OWContact", CONTACT)));
        // Not all members of the WSDL: elements that a type here does not have are passed over.
        static final Type CAMPAIGNS = new Type(new Member("CampaignList", "campaigns", new ListOf("OWCampaign", new Type(
            new Member("ID", "campaign_id", Plain.NUMBER),
            new Member("Name", "name", Plain.TEXT),
            new Member("NumberOfContacts", "number_of_contacts", Plain.NUMBER),
            new Member("Status", "status", STATUS),
            new Member("DispositionCodes", "disposition_codes", new ListOf("OWDispositioncode", STATUS))))));

        private final Map<String, Object> urls;
        private final HttpClient http;

        Soap(Map<String, Object> urls, String caFile) throws Exception {
            this.urls = urls;
            HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
            if (caFile != null) builder.sslContext(trusting(Path.of(caFile)));
            http = builder.connectTimeout(Duration.ofSeconds(TIMEOUT_SECONDS)).build();
        }

        /** The result, null where there is none; Refused for a fault; AnswerLost for anything else. */
        Object call(String service, String operation, Kind result, Argument... arguments) {
            HttpRequest request = HttpRequest.newBuilder(URI.create((String) urls.get(service)))
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("SOAPAction", '"' + SERVICES + operation + '"')
                // A connection for each call: the server may close a kept one just as an append is on its way.
                .header("Connection", "close")
                .POST(HttpRequest.BodyPublishers.ofString(envelope(operation, arguments)))
                .build();
            CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
            try {
                // The request's own time-out would end with the headers.
                HttpResponse<byte[]> response = answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                return result(operation, response.statusCode(), response.body(), result);
            } catch (ExecutionException error) {
                throw new AnswerLost(operation + ": no answer: " + error.getCause());
            } catch (TimeoutException error) {
                throw new AnswerLost(operation + ": no answer within " + TIMEOUT_SECONDS + " seconds");
            } catch (InterruptedException error) {
                Thread.currentThread().interrupt();
                throw new AnswerLost(operation + ": interrupted while waiting for the answer");
            } finally {
                answer.cancel(true);
            }
        }

        private static String envelope(String operation, Argument[] arguments) {
            StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>")
                .append("<soap:Envelope xmlns:soap=\"").append(SOAP).append("\" xmlns:d=\"").append(DATA)
                .append("\"><soap:Body><").append(operation).append(" xmlns=\"").append(SERVICES).append("\">");
            for (Argument one : arguments) write(xml, one.element, one.value, one.kind);
            return xml.append("</").append(operation).append("></soap:Body></soap:Envelope>").toString();
        }

        private static void write(StringBuilder xml, String element, Object value, Kind kind) {
            if (value == null && kind != Plain.NUMBER && kind != Plain.TRUTH) return;
            xml.append('<').append(element).append('>');
            // Types of the data have their members in a namespace of their own; the server reads no others.
            if (kind instanceof Type type) {
                for (Member one : type.members) write(xml, "d:" + one.element, map(value).get(one.name), one.kind);
            } else if (kind instanceof ListOf list) {
                for (Object one : (List<?>) value) write(xml, "d:" + list.element, one, list.type);
            } else if (kind == Plain.TEXT) {
                escape(xml, (String) value);
            } else {
                xml.append(value != null ? value : kind == Plain.NUMBER ? "0" : "false");
            }
            xml.append("</").append(element).append('>');
        }

        private static void escape(StringBuilder xml, String text) {
            text.codePoints().forEach(one -> {
                switch (one) {
                    case '&' -> xml.append("&amp;");
                    case '<' -> xml.append("&lt;");
                    case '>' -> xml.append("&gt;");
                    case '\r' -> xml.append("&#13;"); // bare, it would arrive as a line feed
                    default -> {
                        boolean isControl = one < ' ' && one != '\t' && one != '\n';
                        if (isControl || (one >= 0xD800 && one <= 0xDFFF) || one == 0xFFFE || one == 0xFFFF) {
                            throw new ClientError("failed", "a text has a character that XML cannot carry");
                        }
                        xml.appendCodePoint(one);
                    }
                }
            });
        }

        private static Object result(String operation, int status, byte[] answer, Kind kind) {
            try {
                DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
                factory.setNamespaceAware(true);
                factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
                DocumentBuilder builder = factory.newDocumentBuilder();
                builder.setErrorHandler(null); // or it tells standard error, too
                Element envelope = builder.parse(new ByteArrayInputStream(answer)).getDocumentElement();
                Element body = child(envelope, SOAP, "Body");
                Element fault = child(body, SOAP, "Fault");
                if (fault != null) {
                    Element words = child(fault, null, "faultstring");
                    Element error = child(child(fault, null, "detail"), SERVICES, "Error");
                    Element number = child(error, SERVICES, "ErrorNumber");
                    throw new Refused(words == null ? "" : words.getTextContent(),
                        number == null ? 0 : Integer.parseInt(number.getTextContent().strip()), "");
                }
                Element response = child(body, SERVICES, operation + "Response");
                if (status != 200 || response == null) throw new IOException("neither a result nor a fault");
                return read(child(response, SERVICES, operation + "Result"), kind);
            } catch (ClientError error) {
                throw error;
            } catch (Exception error) {
                throw new AnswerLost(operation + ": HTTP " + status + ", and an answer that cannot be read: "
                    + error.getMessage());
            }
        }

        private static Object read(Element element, Kind kind) {
            if (element == null) {
                if (kind == Plain.NUMBER) throw new NumberFormatException("a number is missing");
                return kind == Plain.TRUTH ? Boolean.FALSE : null;
            }
            if (kind instanceof Type type) {
                Map<String, Object> value = new LinkedHashMap<>();
                for (Member one : type.members) value.put(one.name, read(child(element, DATA, one.element), one.kind));
                return value;
            }
            if (kind instanceof ListOf list) {
                List<Object> values = new ArrayList<>();
                for (Element one : children(element, DATA, list.element)) values.add(read(one, list.type));
                return values;
            }
            String text = element.getTextContent();
            if (kind == Plain.NUMBER) return Long.parseLong(text.strip());
            return kind == Plain.TRUTH ? (Object) (text.strip().equals("true") || text.strip().equals("1")) : text;
        }

        private static Element child(Element parent, String namespace, String name) {
            List<Element> found = parent == null ? List.of() : children(parent, namespace, name);
            return found.isEmpty() ? null : found.get(0);
        }

        private static List<Element> children(Element parent, String namespace, String name) {
            List<Element> found = new ArrayList<>();
            for (Node one = parent.getFirstChild(); one != null; one = one.getNextSibling()) {
                if (one instanceof Element element && name.equals(element.getLocalName())
                    && Objects.equals(namespace, element.getNamespaceURI())) found.add(element);
            }
            return found;
        }

        private static SSLContext trusting(Path caFile) throws Exception {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            try (InputStream file = Files.newInputStream(caFile)) {
                for (var one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                    trusted.setCertificateEntry("ca" + trusted.size(), one);
                }
            }
            TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        }
    }

    // From here on: the JSON lines with which ccmm-contracts drives this example.

    /** JSON as Map, List, String, Long, Double, Boolean and null. */
    static final class Json {
        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        static Object read(String text) {
            Json json = new Json(text);
            Object value = json.value();
            if (json.next() != 0) throw new IllegalArgumentException("not JSON at character " + json.at);
            return value;
        }

        static String write(Object value) {
            if (value instanceof Map<?, ?> map) {
                StringJoiner members = new StringJoiner(",", "{", "}");
                map.forEach((name, one) -> members.add(write(name) + ":" + write(one)));
                return members.toString();
            }
            if (value instanceof List<?> list) {
                StringJoiner items = new StringJoiner(",", "[", "]");
                list.forEach(one -> items.add(write(one)));
                return items.toString();
            }
            if (!(value instanceof String string)) return String.valueOf(value);
            StringBuilder quoted = new StringBuilder("\"");
            for (char one : string.toCharArray()) {
                // ASCII alone, so that no code page can spoil a name.
                if (one < ' ' || one > '~') quoted.append(String.format("\\u%04x", (int) one));
                else if (one == '"' || one == '\\') quoted.append('\\').append(one);
                else quoted.append(one);
            }
            return quoted.append('"').toString();
        }

        /** The next character that is no blank, or 0 at the end. */
        private char next() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean take(String expected) {
            next();
            if (!text.startsWith(expected, at)) return false;
            at += expected.length();
            return true;
        }

        private void must(String expected) {
            if (!take(expected)) throw new IllegalArgumentException("not JSON at character " + at);
        }

        private Object value() {
            if (next() == '"') return string();
            if (take("{")) return object();
            if (take("[")) return array();
            if (take("true")) return true;
            if (take("false")) return false;
            if (take("null")) return null;
            int start = at;
            while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) at++;
            String number = text.substring(start, at);
            return number.matches("-?\\d+") ? (Object) Long.valueOf(number) : Double.valueOf(number);
        }

        private Map<String, Object> object() {
            Map<String, Object> members = new LinkedHashMap<>();
            if (take("}")) return members;
            do {
                next();
                String name = string();
                must(":");
                members.put(name, value());
            } while (take(","));
            must("}");
            return members;
        }

        private List<Object> array() {
            List<Object> items = new ArrayList<>();
            if (take("]")) return items;
            do items.add(value()); while (take(","));
            must("]");
            return items;
        }

        private String string() {
            must("\"");
            StringBuilder read = new StringBuilder();
            while (text.charAt(at) != '"') {
                char one = text.charAt(at++);
                if (one != '\\') {
                    read.append(one);
                    continue;
                }
                char escaped = text.charAt(at++);
                int simple = "bfnrt".indexOf(escaped);
                if (escaped == 'u') {
                    read.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                } else {
                    read.append(simple < 0 ? escaped : "\b\f\n\r\t".charAt(simple));
                }
            }
            at++;
            return read.toString();
        }
    }

    private static final List<Object> CAN = List.of("start", "log_in", "list_campaigns", "fetch_contacts",
        "append_contacts", "close_contact", "find_contact_id", "find_contacts", "contact_status", "log_off", "end");
    private static CcmmClient client;

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Object value) {
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }

    private static Object answer(String what, Map<String, Object> request) throws Exception {
        if (what.equals("hello")) return Map.of("name", "java", "can", CAN, "protocol", 1L);
        if (!CAN.contains(what)) throw new ClientError("unsupported", "this client cannot " + what);
        if (what.equals("start")) {
            endQuietly();
            client = new CcmmClient(new Soap(map(request.get("services")), (String) request.get("ca")),
                (String) request.get("user"), (String) request.get("password"),
                Boolean.TRUE.equals(request.get("take_over")));
            return null;
        }
        if (client == null) throw new ClientError("failed", "start comes first");
        long campaignId = request.get("campaign_id") instanceof Long id ? id : 0;
        Long contactId = (Long) request.get("contact_id");
        Map<String, Object> field = map(request.get("custom_field"));
        Map<String, Object> phoneNumber = map(request.get("phone_number"));
        switch (what) {
            case "list_campaigns": return client.listCampaigns();
            case "fetch_contacts": return client.fetchContacts(campaignId);
            case "append_contacts": return client.appendContacts(campaignId, (List<Object>) (List<?>) maps(request.get("contacts")));
            case "find_contact_id": return client.findContactId(campaignId, phoneNumber);
            case "find_contacts":
                return client.findContacts(campaignId, phoneNumber, field, (String) request.get("status"));
            case "contact_status": return client.contactStatus(campaignId, contactId, field);
            case "close_contact":
                client.closeContact(campaignId, contactId, field,
                    (String) request.get("text"), (String) request.get("disposition"));
                return null;
            case "log_in": client.logIn(); return null;
            case "log_off": client.logOff(); return null;
            default: client.end(); return null;
        }
    }

    private static void endQuietly() {
        try {
            if (client != null) client.end();
        } catch (ClientError error) {
            // Nobody asks any more.
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection");
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> reply = new LinkedHashMap<>();
            reply.put("id", null);
            try {
                Map<String, Object> request = map(Json.read(line));
                reply.put("id", request.get("id"));
                reply.put("ok", answer((String) request.get("do"), request));
            } catch (ClientError error) {
                reply.put("error", Map.of("kind", error.kind, "message", error.getMessage()));
            } catch (Exception error) { // a bad request, or a mistake of this program: told, never the end of it
                reply.put("error", Map.of("kind", "failed", "message", error.toString()));
            }
            out.println(Json.write(reply));
        }
        endQuietly();
        System.exit(0); // or the HTTP client's threads would keep it alive for a while
    }
}
