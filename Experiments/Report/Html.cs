using System.Net;
using System.Text;

namespace IlgpuXai.Experiments;

/// <summary>Builds a page that is well-formed XML, so that it can be checked by a parser. Text is escaped, unless it is called markup.</summary>
sealed class Html
{
    readonly StringBuilder _page = new();

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public Html Markup(string markup)
    {
        _page.Append(markup).Append('\n');
        return this;
    }

    public Html Heading(string text, string id) => Markup($"<h2 id=\"{id}\">{Escape(text)}</h2>");
    public Html Subheading(string text) => Markup($"<h3>{Escape(text)}</h3>");
    public Html Paragraph(string text, string? style = null) => Markup($"<p{Class(style)}>{Escape(text)}</p>");

    public Html List(IEnumerable<string> items) => Markup($"<ul>{string.Concat(items.Select(i => $"<li>{Escape(i)}</li>"))}</ul>");

    /// <summary>Two columns: what, and its value.</summary>
    public Html Facts(IEnumerable<(string What, string Value)> facts) =>
        Markup($"<table class=\"facts\"><tbody>{string.Concat(facts.Select(f => $"<tr><th scope=\"row\">{Escape(f.What)}</th><td>{Escape(f.Value)}</td></tr>"))}</tbody></table>");

    /// <summary>The first column names the row; the others are numbers, aligned to the right.</summary>
    public Html Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        string headCells = string.Concat(head.Select(h => $"<th scope=\"col\">{Escape(h)}</th>"));
        string body = string.Concat(rows.Select(r => $"<tr><th scope=\"row\">{Escape(r[0])}</th>{string.Concat(r.Skip(1).Select(c => $"<td>{Escape(c)}</td>"))}</tr>\n"));
        return Markup($"<div class=\"wide\"><table class=\"numbers\"><caption>{Escape(caption)}</caption><thead><tr>{headCells}</tr></thead><tbody>\n{body}</tbody></table></div>");
    }

    /// <summary>A drawing or pictures with a caption below.</summary>
    public Html Figure(string markup, string caption) => Markup($"<figure><div class=\"drawing\">{markup}</div><figcaption>{Escape(caption)}</figcaption></figure>");

    public static string Image(string dataUrl, string description, int width, string? style = null) =>
        $"<img src=\"{dataUrl}\" alt=\"{Escape(description)}\" width=\"{width}\"{Class(style)}/>";

    public string Page(string title, string css) =>
        $"""
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{Escape(title)}</title>
        <style>
        {css}</style>
        </head>
        <body>
        <main>
        {_page}</main>
        </body>
        </html>

        """;

    static string Class(string? style) => style is null ? "" : $" class=\"{style}\"";
}
