// A client of CCMM's Outbound Web Services with .NET's SoapHttpClientProtocol (Mono, or .NET Framework).
//
// CcmmClient is the part to copy, with CcmmServices.cs. Main is driven over JSON lines: see ../README.md.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;
using System.Xml;
using Values = System.Collections.Generic.Dictionary<string, object>;

/// <summary>What went wrong; Kind is one of the protocol's.</summary>
public class ClientError : Exception
{
    public readonly string Kind;

    public ClientError(string kind, string message) : base(message) { Kind = kind; }
}

/// <summary>A SOAP fault: Words are the server's own, Number is the ErrorNumber of its detail, 0 if there is none.</summary>
public class Refused : ClientError
{
    public readonly string Words;
    public readonly int Number;

    public Refused(string words, int number, string note = "") : base("refused", words + note)
    {
        Words = words;
        Number = number;
    }

    public bool IsAlreadyLoggedIn { get { return Number == 2801 || Words.Contains("already logged in"); } }

    public bool IsStaleKey { get { return Number == 2805 || Words.Contains("Expired") || Words.Contains("session key"); } }
}

/// <summary>No answer, or none that can be read: the call may have been carried out or not.</summary>
public class AnswerLost : ClientError
{
    public AnswerLost(string message) : base("transport", message) { }
}

/// <summary>One user's work with the services. Every error is a ClientError; End leaves no session open.</summary>
public class CcmmClient
{
    private const int Page = 200;
    // Between two appends, and between two closings: the server allows one a second.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.05);

    private readonly OutboundUtilityWS utility;
    private readonly OutboundCampaignWS campaign;
    private readonly OutboundContactWS contact;
    private readonly string user, password;
    private readonly bool takeOver;
    private readonly Dictionary<string, Stopwatch> answered = new Dictionary<string, Stopwatch>();
    private string key;

    public CcmmClient(Values services, string user, string password, bool takeOver, string caFile)
    {
        var ca = caFile == null ? null : new X509Certificate2(caFile);
        utility = new OutboundUtilityWS((string)services["utility"], ca);
        campaign = new OutboundCampaignWS((string)services["campaign"], ca);
        contact = new OutboundContactWS((string)services["contact"], ca);
        this.user = user;
        this.password = password;
        this.takeOver = takeOver;
    }

    /// <summary>Open the session. One that is open already is taken over only where takeOver says so.</summary>
    public void LogIn()
    {
        if (key != null) return;
        try
        {
            key = OpenSession();
        }
        catch (ClientError error) when (IsInTheWay(error))
        {
            LogInAgain();
        }
    }

    /// <summary>The campaigns that are Running, Waiting or Paused.</summary>
    public IEnumerable<OWCampaign> ListCampaigns()
    {
        var result = Call("GetCampaigns", () => campaign.GetCampaigns(key));
        return (result == null ? null : result.CampaignList) ?? new OWCampaign[0];
    }

    /// <summary>All contacts of a campaign, page by page, each page asked for with the last id of the one before.</summary>
    public IEnumerable<OWContact> FetchContacts(long campaignId)
    {
        var contacts = new List<OWContact>();
        for (long last = 0; ; last = contacts[contacts.Count - 1].ContactID)
        {
            var page = ContactsIn(Call("Get200CampaignContacts", () => campaign.Get200CampaignContacts(campaignId, last, key)));
            contacts.AddRange(page);
            // A short page is the last one. NumberOfContacts does not tell: contacts may come in while we read.
            if (page.Length < Page) return contacts;
            if (page[Page - 1].ContactID <= last)
                throw new ClientError("failed", $"the page after contact {last} ends with contact {page[Page - 1].ContactID}");
        }
    }

    /// <summary>Append contacts one by one, a second apart, up to the first error; it says how far it came.</summary>
    public int AppendContacts(int campaignId, IEnumerable<OWContact> contacts)
    {
        var done = 0;
        foreach (var one in contacts)
        {
            int result;
            try
            {
                result = Paced("AppendContactsToCampaign", () => campaign.AppendContactsToCampaign(campaignId, one, key));
            }
            catch (AnswerLost error)
            {
                // Not sent again: the server does not check for duplicates, and nobody wants to be called twice.
                throw new AnswerLost($"may or may not have been appended, {done} were before it: {error.Message}");
            }
            catch (Refused error)
            {
                throw new Refused(error.Words, error.Number, $" ({done} appended before)");
            }
            if (result != 1) throw new ClientError("failed", $"the server answered {result}: not appended ({done} appended before)");
            done++;
        }
        return done;
    }

    /// <summary>Close a contact named by its id or by a custom field (or null), with one of the campaign's codes by its name.</summary>
    public void CloseContact(long campaignId, long? contactId, OWCustomField field, string text, string disposition)
    {
        var id = IdOr0(contactId, field);
        var code = disposition == null ? (long?)null : CodeId(campaignId, disposition);
        var result = Paced("CloseContact", () => contact.CloseContact(
            campaignId, id, field?.Name, field?.Text, field != null, text, code ?? 0, code != null, key));
        if (result < 0) throw new ClientError("failed", $"the server answered {result}: not closed");
    }

    /// <summary>The id of the first contact with that number, or null: the server's -1 is nobody's id.</summary>
    public long? FindContactId(int campaignId, OWPhoneNumber number)
    {
        var result = Call("GetContactIDByPhoneNumber", () => contact.GetContactIDByPhoneNumber(number, campaignId, key));
        return result == -1 ? (long?)null : result;
    }

    /// <summary>The contacts with that custom field or, where it is null, number; status (or null) narrows them to New or Closed ones.</summary>
    public IEnumerable<OWContact> FindContacts(int campaignId, OWPhoneNumber number, OWCustomField field, string status)
    {
        var wanted = status == null ? null : new OWStatus { Name = status };
        return ContactsIn(field == null
            ? Call("FindContactsByPhoneNumber", () => contact.FindContactsByPhoneNumber(wanted, campaignId, number, key))
            : Call("FindContactsByCustomField", () => contact.FindContactsByCustomField(wanted, campaignId, field, key)));
    }

    /// <summary>The name of the status of a contact named by its id or by a custom field (or null).</summary>
    public string ContactStatus(long campaignId, long? contactId, OWCustomField field)
    {
        var id = IdOr0(contactId, field);
        var status = Call("GetContactStatus", () =>
            contact.GetContactStatus(key, id, campaignId, field?.Name, field?.Text, field != null));
        if (status == null || status.Name == null)
            throw new ClientError("not-found", "the server told no status of that contact");
        return status.Name;
    }

    /// <summary>End the session, if there is one.</summary>
    public void LogOff()
    {
        if (key == null) return;
        EndSession();
        key = null;
    }

    /// <summary>The work is over.</summary>
    public void End() { LogOff(); }

    private bool IsInTheWay(ClientError error)
    {
        // An expired session serves nobody, but it may still be in the way of a new one.
        return error.Kind == "already-logged-in" ? takeOver : error.Kind == "login-refused" && error.Message.Contains("Expired");
    }

    private string OpenSession()
    {
        try
        {
            var result = Ask("OutboundLogin", () => utility.OutboundLogin(user, password));
            if (!string.IsNullOrEmpty(result)) return result;
        }
        catch (Refused error)
        {
            throw new ClientError(error.IsAlreadyLoggedIn ? "already-logged-in" : "login-refused", error.Words);
        }
        throw new ClientError("failed", "the server answered the log-in without a session key");
    }

    private void EndSession()
    {
        Func<bool> logOff = () => { utility.OutboundLogoff(user); return true; };
        try
        {
            Ask("OutboundLogoff", logOff);
        }
        catch (AnswerLost)
        {
            Ask("OutboundLogoff", logOff); // to do so twice does no harm, to leave the session open locks the user out
        }
    }

    private void LogInAgain()
    {
        try
        {
            EndSession();
        }
        catch (Refused) { } // there was none to end; whether the log-in works is what counts
        key = null;
        key = OpenSession();
    }

    /// <summary>Make a call with the session's key: one new log-in, and the call once more, where the key has gone stale.</summary>
    private T Call<T>(string operation, Func<T> call)
    {
        if (key == null) throw new ClientError("failed", "log in first");
        try
        {
            return Ask(operation, call);
        }
        catch (Refused error) when (error.IsStaleKey)
        {
            // Refused for its key, a call was not carried out, so even an append may be repeated.
            LogInAgain();
        }
        return Ask(operation, call);
    }

    /// <summary>Call, for the operations that need a pause; it counts from the answer to the last one, each time.</summary>
    private T Paced<T>(string operation, Func<T> call)
    {
        return Call(operation, () =>
        {
            Stopwatch since;
            if (answered.TryGetValue(operation, out since) && since.Elapsed < Pause) Thread.Sleep(Pause - since.Elapsed);
            try
            {
                return call();
            }
            finally
            {
                answered[operation] = Stopwatch.StartNew();
            }
        });
    }

    /// <summary>One SOAP call: Refused for a fault, AnswerLost for an answer that is neither a result nor a fault.</summary>
    private static T Ask<T>(string operation, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (SoapException fault)
        {
            var names = new XmlNamespaceManager(new NameTable());
            names.AddNamespace("s", Names.Services);
            var number = fault.Detail == null ? null : fault.Detail.SelectSingleNode("s:Error/s:ErrorNumber", names);
            throw new Refused(fault.Message, number == null ? 0 : XmlConvert.ToInt32(number.InnerText.Trim()));
        }
        catch (SystemException error) // among them WebException, IOException, InvalidOperationException and XmlException
        {
            throw new AnswerLost($"{operation}: {error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>The id of one of the campaign's own disposition codes: the server takes no other.</summary>
    private long CodeId(long campaignId, string name)
    {
        var found = ListCampaigns().FirstOrDefault(one => one.ID == campaignId);
        if (found == null) throw new ClientError("not-found", $"campaign {campaignId} is not among the active campaigns");
        var code = (found.DispositionCodes ?? new OWDispositioncode[0]).FirstOrDefault(one => one.Name == name);
        if (code == null) throw new ClientError("not-linked", $"no disposition code '{name}' is linked to campaign {campaignId}");
        return code.Id;
    }

    /// <summary>The id that goes out: 0 where the contact is named by a custom field.</summary>
    private static long IdOr0(long? contactId, OWCustomField field)
    {
        if (field != null) return 0;
        if (contactId == null || contactId <= 0) throw new ClientError("not-found", $"{contactId} is no contact's id");
        return contactId.Value;
    }

    // A server may say "none" as an empty list, as no list, or as no result.
    private static OWContact[] ContactsIn(OWContacts result)
    {
        return (result == null ? null : result.ContactList) ?? new OWContact[0];
    }
}

/// <summary>The JSON lines with which ccmm-contracts drives this example.</summary>
public static class Program
{
    private static readonly string[] Can = {
        "start", "log_in", "list_campaigns", "fetch_contacts", "append_contacts", "close_contact", "find_contact_id",
        "find_contacts", "contact_status", "log_off", "end" };
    private static CcmmClient client;

    public static void Main()
    {
        var json = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };
        var utf8 = new UTF8Encoding(false);
        var input = new StreamReader(Console.OpenStandardInput(), utf8);
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true, NewLine = "\n" };
        for (var line = input.ReadLine(); line != null; line = input.ReadLine())
        {
            var reply = new Values { { "id", null } };
            try
            {
                var request = (Values)json.DeserializeObject(line);
                reply["id"] = request["id"];
                reply["ok"] = Answer((string)request["do"], request);
            }
            catch (ClientError error)
            {
                reply["error"] = new Values { { "kind", error.Kind }, { "message", error.Message } };
            }
            catch (Exception error) // a bad request, or a mistake of this program: told, never the end of it
            {
                reply["error"] = new Values { { "kind", "failed" }, { "message", error.Message } };
            }
            output.WriteLine(json.Serialize(reply));
        }
        EndQuietly();
    }

    private static object Answer(string what, Values request)
    {
        if (what == "hello") return new Values { { "name", "csharp" }, { "can", Can }, { "protocol", 1 } };
        if (!Can.Contains(what)) throw new ClientError("unsupported", $"this client cannot {what}");
        if (what == "start")
        {
            EndQuietly();
            client = new CcmmClient((Values)request["services"], Text(request, "user"), Text(request, "password"),
                Truth(request, "take_over"), Text(request, "ca"));
            return null;
        }
        if (client == null) throw new ClientError("failed", "start comes first");
        var campaignId = (int)(Number(request, "campaign_id") ?? 0);
        var contactId = Number(request, "contact_id");
        var field = ToField(Member(request, "custom_field"));
        var number = ToPhoneNumber(Member(request, "phone_number"));
        switch (what)
        {
            case "list_campaigns": return client.ListCampaigns().Select(FromCampaign).ToArray();
            case "fetch_contacts": return client.FetchContacts(campaignId).Select(FromContact).ToArray();
            case "append_contacts":
                var contacts = ((object[])request["contacts"]).Select(ToContact).ToArray();
                return new Values { { "appended", client.AppendContacts(campaignId, contacts) } };
            case "find_contact_id": return client.FindContactId(campaignId, number);
            case "find_contacts":
                return client.FindContacts(campaignId, number, field, Text(request, "status")).Select(FromContact).ToArray();
            case "contact_status": return client.ContactStatus(campaignId, contactId, field);
            case "close_contact":
                client.CloseContact(campaignId, contactId, field, Text(request, "text"), Text(request, "disposition"));
                return null;
            case "log_in": client.LogIn(); return null;
            case "log_off": client.LogOff(); return null;
            default: client.End(); return null;
        }
    }

    private static void EndQuietly()
    {
        try
        {
            if (client != null) client.End();
        }
        catch (ClientError) { } // nobody asks any more
    }

    private static object Member(object values, string name)
    {
        object found;
        ((Values)values).TryGetValue(name, out found);
        return found;
    }

    private static string Text(object values, string name)
    {
        var text = (string)Member(values, name);
        try
        {
            return text == null ? null : XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException error)
        {
            throw new ClientError("failed", $"{name} has a character that XML cannot carry: {error.Message}");
        }
    }

    private static long? Number(object values, string name)
    {
        var number = Member(values, name);
        return number == null ? (long?)null : Convert.ToInt64(number);
    }

    private static bool Truth(object values, string name) { return true.Equals(Member(values, name)); }

    private static OWPhoneNumber ToPhoneNumber(object one)
    {
        return one == null ? null : new OWPhoneNumber {
            IntCode = Text(one, "int_code"), AreaCode = Text(one, "area_code"), PhoneNo = Text(one, "phone_no") };
    }

    private static OWCustomField ToField(object one)
    {
        return one == null ? null : new OWCustomField {
            Name = Text(one, "name"), Text = Text(one, "text"), IsTextVisible = Truth(one, "is_text_visible") };
    }

    private static OWAddress ToAddress(object one)
    {
        return one == null ? null : new OWAddress {
            AddressLine1 = Text(one, "line1"), AddressLine2 = Text(one, "line2"), AddressLine3 = Text(one, "line3"),
            AddressLine4 = Text(one, "line4"), AddressLine5 = Text(one, "line5"), Country = Text(one, "country"),
            PostCode = Text(one, "post_code") };
    }

    private static OWContact ToContact(object one)
    {
        var fields = (object[])Member(one, "custom_fields");
        return new OWContact { // ContactID stays 0: the server gives it out
            CampaignName = Text(one, "campaign_name"),
            Address = ToAddress(Member(one, "address")),
            CustomFieldList = fields == null ? null : fields.Select(ToField).ToArray(),
            EmailAddress = Text(one, "email_address"),
            FirstName = Text(one, "first_name"),
            LastName = Text(one, "last_name"),
            PhoneNumber = ToPhoneNumber(Member(one, "phone_number")),
            PreferredAgentID = Number(one, "preferred_agent_id") ?? 0,
            PreferredAgentSpecified = Truth(one, "preferred_agent_specified"),
            Title = Text(one, "title"),
            SkillsetID = Number(one, "skillset_id") ?? 0 };
    }

    private static object FromCampaign(OWCampaign one)
    {
        return new Values {
            { "campaign_id", one.ID }, { "name", one.Name }, { "status", one.Status == null ? null : one.Status.Name },
            { "number_of_contacts", one.NumberOfContacts } };
    }

    private static object FromContact(OWContact one)
    {
        return new Values {
            { "contact_id", one.ContactID },
            { "campaign_name", one.CampaignName },
            { "address", one.Address == null ? null : new Values {
                { "line1", one.Address.AddressLine1 }, { "line2", one.Address.AddressLine2 },
                { "line3", one.Address.AddressLine3 }, { "line4", one.Address.AddressLine4 },
                { "line5", one.Address.AddressLine5 }, { "country", one.Address.Country },
                { "post_code", one.Address.PostCode } } },
            { "custom_fields", one.CustomFieldList == null ? null : one.CustomFieldList.Select(each => new Values {
                { "name", each.Name }, { "text", each.Text }, { "is_text_visible", each.IsTextVisible } }).ToArray() },
            { "email_address", one.EmailAddress },
            { "first_name", one.FirstName },
            { "last_name", one.LastName },
            { "phone_number", one.PhoneNumber == null ? null : new Values {
                { "int_code", one.PhoneNumber.IntCode }, { "area_code", one.PhoneNumber.AreaCode },
                { "phone_no", one.PhoneNumber.PhoneNo } } },
            { "preferred_agent_id", one.PreferredAgentID },
            { "preferred_agent_specified", one.PreferredAgentSpecified },
            { "title", one.Title },
            { "skillset_id", one.SkillsetID } };
    }
}
