// The three Outbound Web Services as their WSDL describes them: what `wsdl.exe` would generate, without the rest.
// XmlSerializer leaves out what is null, and passes over elements that a class does not have.

using System;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Web.Services;
using System.Web.Services.Protocols;
using System.Xml.Serialization;

public static class Names
{
    public const string Services = "http://nortel.com/CCMMOutboundWebservices/";
    public const string Data = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com";
}

/// <summary>Where a service is, how long an answer may take, and which CA is trusted besides the system's.</summary>
public abstract class CcmmService : SoapHttpClientProtocol
{
    private readonly X509Certificate2 ca;

    protected CcmmService(string url, X509Certificate2 ca)
    {
        Url = url;
        Timeout = 10000;
        this.ca = ca;
    }

    protected override WebRequest GetWebRequest(Uri uri)
    {
        var request = (HttpWebRequest)base.GetWebRequest(uri);
        // A connection for each call: the server may close a kept one just as an append is on its way,
        // and HttpWebRequest would then send it again.
        request.KeepAlive = false;
        request.AllowAutoRedirect = false;
        request.ServerCertificateValidationCallback = IsTrusted;
        return request;
    }

    private bool IsTrusted(object sender, X509Certificate certificate, X509Chain chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        // A wrong name, or no certificate, is nothing that another CA could mend.
        if (ca == null || errors != SslPolicyErrors.RemoteCertificateChainErrors) return false;
        var own = new X509Chain();
        own.ChainPolicy.ExtraStore.Add(ca);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        return own.Build(new X509Certificate2(certificate))
            && own.ChainElements[own.ChainElements.Count - 1].Certificate.Thumbprint == ca.Thumbprint;
    }
}

[WebServiceBinding(Name = "OutboundUtilityWSSoap", Namespace = Names.Services)]
public class OutboundUtilityWS : CcmmService
{
    public OutboundUtilityWS(string url, X509Certificate2 ca) : base(url, ca) { }

    [SoapDocumentMethod(Names.Services + "OutboundLogin", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public string OutboundLogin(string username, string password)
    {
        return (string)Invoke("OutboundLogin", new object[] { username, password })[0];
    }

    [SoapDocumentMethod(Names.Services + "OutboundLogoff", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public void OutboundLogoff(string username)
    {
        Invoke("OutboundLogoff", new object[] { username });
    }
}

[WebServiceBinding(Name = "OutboundCampaignWSSoap", Namespace = Names.Services)]
public class OutboundCampaignWS : CcmmService
{
    public OutboundCampaignWS(string url, X509Certificate2 ca) : base(url, ca) { }

    [SoapDocumentMethod(Names.Services + "GetCampaigns", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public OWCampaigns GetCampaigns(string sessionKey)
    {
        return (OWCampaigns)Invoke("GetCampaigns", new object[] { sessionKey })[0];
    }

    // A server whose WSDL has `priority` here takes it as one more argument: 1 (highest) to 6.
    [SoapDocumentMethod(Names.Services + "AppendContactsToCampaign", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public int AppendContactsToCampaign(int CampaignID, OWContact contact, string sessionKey)
    {
        return (int)Invoke("AppendContactsToCampaign", new object[] { CampaignID, contact, sessionKey })[0];
    }

    [SoapDocumentMethod(Names.Services + "Get200CampaignContacts", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public OWContacts Get200CampaignContacts(long CampaignID, long LastContactID, string sessionKey)
    {
        return (OWContacts)Invoke("Get200CampaignContacts", new object[] { CampaignID, LastContactID, sessionKey })[0];
    }
}

[WebServiceBinding(Name = "OutboundContactWSSoap", Namespace = Names.Services)]
public class OutboundContactWS : CcmmService
{
    public OutboundContactWS(string url, X509Certificate2 ca) : base(url, ca) { }

    [SoapDocumentMethod(Names.Services + "GetContactStatus", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public OWStatus GetContactStatus(
        string sessionKey, long contactId, long campaignID, string customFieldName, string customFieldValue, bool customFieldPassed)
    {
        return (OWStatus)Invoke("GetContactStatus", new object[] {
            sessionKey, contactId, campaignID, customFieldName, customFieldValue, customFieldPassed })[0];
    }

    [SoapDocumentMethod(Names.Services + "CloseContact", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public long CloseContact(
        long campaignId, long contactId, string customFieldName, string customFieldValue, bool customFieldSpecified,
        string closureText, long closedReasonCodeValue, bool closedReasonCodeSpecified, string sessionKey)
    {
        return (long)Invoke("CloseContact", new object[] {
            campaignId, contactId, customFieldName, customFieldValue, customFieldSpecified,
            closureText, closedReasonCodeValue, closedReasonCodeSpecified, sessionKey })[0];
    }

    [SoapDocumentMethod(Names.Services + "GetContactIDByPhoneNumber", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public long GetContactIDByPhoneNumber(OWPhoneNumber phoneNumber, int CampaignID, string sessionkey)
    {
        return (long)Invoke("GetContactIDByPhoneNumber", new object[] { phoneNumber, CampaignID, sessionkey })[0];
    }

    [SoapDocumentMethod(Names.Services + "FindContactsByPhoneNumber", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public OWContacts FindContactsByPhoneNumber(OWStatus ContactStatus, int CampaignID, OWPhoneNumber PhoneNumber, string sessionkey)
    {
        return (OWContacts)Invoke("FindContactsByPhoneNumber", new object[] { ContactStatus, CampaignID, PhoneNumber, sessionkey })[0];
    }

    [SoapDocumentMethod(Names.Services + "FindContactsByCustomField", RequestNamespace = Names.Services, ResponseNamespace = Names.Services)]
    public OWContacts FindContactsByCustomField(OWStatus ContactStatus, int CampaignID, OWCustomField CustomField, string sessionkey)
    {
        return (OWContacts)Invoke("FindContactsByCustomField", new object[] { ContactStatus, CampaignID, CustomField, sessionkey })[0];
    }
}

[XmlType(Namespace = Names.Data)]
public class OWStatus
{
    public long Id;
    public string Name;
}

[XmlType(Namespace = Names.Data)]
public class OWDispositioncode
{
    public long Id;
    public string Name;
}

[XmlType(Namespace = Names.Data)]
public class OWCampaign
{
    public long ID;
    public string Name;
    public long NumberOfContacts;
    public OWStatus Status;
    [XmlArrayItem("OWDispositioncode")] public OWDispositioncode[] DispositionCodes;
}

[XmlType(Namespace = Names.Data)]
public class OWCampaigns
{
    [XmlArrayItem("OWCampaign")] public OWCampaign[] CampaignList;
}

[XmlType(Namespace = Names.Data)]
public class OWAddress
{
    public string AddressLine1;
    public string AddressLine2;
    public string AddressLine3;
    public string AddressLine4;
    public string AddressLine5;
    public string Country;
    public string PostCode;
}

[XmlType(Namespace = Names.Data)]
public class OWCustomField
{
    public string Name;
    public string Text;
    public bool IsTextVisible;
}

[XmlType(Namespace = Names.Data)]
public class OWPhoneNumber
{
    public string IntCode;
    public string AreaCode;
    public string PhoneNo;
}

[XmlType(Namespace = Names.Data)]
public class OWContact
{
    public long ContactID;
    public string CampaignName;
    public OWAddress Address;
    [XmlArrayItem("OWCustomField")] public OWCustomField[] CustomFieldList;
    public string EmailAddress;
    public string FirstName;
    public string LastName;
    public OWPhoneNumber PhoneNumber;
    public long PreferredAgentID;
    public bool PreferredAgentSpecified;
    public string Title;
    public long SkillsetID;
}

[XmlType(Namespace = Names.Data)]
public class OWContacts
{
    [XmlArrayItem("OWContact")] public OWContact[] ContactList;
}
