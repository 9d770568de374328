"""Bodies of the errors that are not SOAP faults: those of ASP.NET, of IIS in front of it and of http.sys below both.

All HTML is escaped and has CRLF line ends. Each function says which charset its page is in.
"""

from __future__ import annotations

from html import escape

_ASPNET_STYLE = """\
        <style>
         body {font-family:"Verdana";font-weight:normal;font-size: .7em;color:black;}
         p {font-family:"Verdana";font-weight:normal;color:black;margin-top: -5px}
         b {font-family:"Verdana";font-weight:bold;color:black;margin-top: -5px}
         H1 { font-family:"Verdana";font-weight:normal;font-size:18pt;color:red }
         H2 { font-family:"Verdana";font-weight:normal;font-size:14pt;color:maroon }
         pre {font-family:"Lucida Console";font-size: .9em}
        </style>"""

_UNHANDLED = (
    "An unhandled exception occurred during the execution of the current web request. Please review the stack trace "
    "for more information about the error and where it originated in the code."
)
_GONE = (
    "HTTP 404. The resource you are looking for (or one of its dependencies) could have been removed, had its name "
    "changed, or is temporarily unavailable. &nbsp;Please review the following URL and make sure that it is spelled "
    "correctly."
)

_IIS_STYLE = """\
<style type="text/css">
<!--
body{margin:0;font-size:.7em;font-family:Verdana, Arial, Helvetica, sans-serif;background:#EEEEEE;}
fieldset{padding:0 15px 10px 15px;}
h1{font-size:2.4em;margin:0;color:#FFF;}
h2{font-size:1.7em;margin:0;color:#CC0000;}
h3{font-size:1.2em;margin:10px 0 0 0;color:#000000;}
#header{width:96%;margin:0;padding:6px 2%;font-family:"trebuchet MS", Verdana, sans-serif;color:#FFF;
background-color:#555555;}
#content{margin:0 0 0 2%;position:relative;}
.content-container{background:#FFF;width:96%;margin-top:8px;padding:10px;position:relative;}
-->
</style>"""


def server_error(application: str, sentence: str) -> bytes:
    """ASP.NET's error page for a request that System.Web.Services refuses with an InvalidOperationException.

    Takes the application's path ("/ccmmoutboundwebservices") and the message, such as "Request format is unrecognized
    for URL unexpectedly ending in '/X'.". Gives the HTML in UTF-8, without stack trace and version.
    """
    details = f"""\
            <br><br>

            <b> Exception Details: </b>System.InvalidOperationException: {_text(sentence)}<br><br>"""
    return _aspnet_page(application, sentence, _UNHANDLED, details)


def not_found(application: str, requested_url: str) -> bytes:
    """ASP.NET's 404 page, for an .asmx file that does not exist.

    Takes the application's path and the path that was asked for, without the query. Gives the HTML in UTF-8.
    """
    details = f"""\
            <br><br>

            <b> Requested URL: </b>{_text(requested_url)}<br><br>"""
    return _aspnet_page(application, "The resource cannot be found.", _GONE, details)


def iis_page(status: int, title: str, explanation: str) -> bytes:
    """The short page IIS gives to remote clients for what it refuses itself.

    Takes the status (403, 404, 405), what follows it in the heading ("File or directory not found.") and the sentence
    below. Gives the HTML in ISO-8859-1, other characters as numeric entities.
    """
    heading = f"{status} - {_text(title)}"
    page = f"""\
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"/>
<title>{heading}</title>
{_IIS_STYLE}
</head>
<body>
<div id="header"><h1>Server Error</h1></div>
<div id="content">
 <div class="content-container"><fieldset>
  <h2>{heading}</h2>
  <h3>{_text(explanation)}</h3>
 </fieldset></div>
</div>
</body>
</html>
"""
    return _crlf(page).encode("iso-8859-1", "xmlcharrefreplace")


def http_sys_page(title: str, detail: str) -> bytes:
    """The page of http.sys for requests that reach neither IIS nor ASP.NET.

    Takes the heading ("Bad Request - Invalid Hostname"), whose part before " - " is the page's title, and the sentence
    below ("HTTP Error 400. The request hostname is invalid."). Gives the HTML in US-ASCII, other characters as numeric
    entities.
    """
    page = f"""\
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">
<HTML><HEAD><TITLE>{_text(title.partition(" - ")[0])}</TITLE>
<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>
<BODY><h2>{_text(title)}</h2>
<hr><p>{_text(detail)}</p>
</BODY></HTML>
"""
    return _crlf(page).encode("ascii", "xmlcharrefreplace")


def text_error(sentence: str) -> bytes:
    """The plain text ASP.NET answers when a description cannot be given.

    Takes the sentence ("XML Web service description was not found.", "Schema not found."). Gives it with CRLF in UTF-8.
    """
    return f"{sentence}\r\n".encode("utf-8", "replace")


def _aspnet_page(application: str, title: str, description: str, details: str) -> bytes:
    """The frame of ASP.NET's error pages; description and details are HTML already."""
    page = f"""\
<html>
    <head>
        <title>{_text(title)}</title>
{_ASPNET_STYLE}
    </head>

    <body bgcolor="white">

            <span><H1>Server Error in '{_text(application)}' Application.<hr width=100% size=1 color=silver></H1>

            <h2> <i>{_text(title)}</i> </h2></span>

            <font face="Arial, Helvetica, Geneva, SunSans-Regular, sans-serif ">

            <b> Description: </b>{description}
{details}

            <hr width=100% size=1 color=silver>

            </font>

    </body>
</html>
"""
    return _crlf(page).encode("utf-8", "replace")


def _text(value: str) -> str:
    """Text escaped for use between tags; quotes stay as they are."""
    return escape(value, quote=False)


def _crlf(page: str) -> str:
    """The page with Windows line ends."""
    return page.replace("\n", "\r\n")
