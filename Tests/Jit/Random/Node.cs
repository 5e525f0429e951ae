using System.Text;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>A piece of a random kernel: text with holes for its parts. <c>$0</c> is the first part, <c>$*</c> all of them, one a line.</summary>
/// <param name="Kind">The construct, for counting.</param>
sealed record Node(string Kind, string Template, params Node[] Parts)
{
    /// <summary>The text on the host, where it differs.</summary>
    public string? Host { get; init; }

    /// <summary>Of an expression that any other of this type and range may replace.</summary>
    public Scalar? Type { get; init; }

    /// <summary>The value of a signed expression is in [−2^Bits, 2^Bits).</summary>
    public int Bits { get; init; }

    /// <summary>A statement that must stay: a barrier, or the first write of an element.</summary>
    public bool Pinned { get; init; }

    /// <summary>Its parts are statements, of which any may be left out.</summary>
    public bool IsList => Template == "$*";

    public static Node List(IEnumerable<Node> statements) => new("list", "$*", [.. statements]);

    public IEnumerable<Node> All => Parts.SelectMany(p => p.All).Prepend(this);

    /// <summary>C# knows the value when it compiles.</summary>
    public bool IsConstant => Parts.Length == 0 ? Kind is "literal" or "size-of" or "constant-divisor" : Parts.All(p => p.IsConstant);

    public string Print(bool host)
    {
        var text = new StringBuilder();
        Print(text, host);
        return text.ToString();
    }

    /// <summary>The tree with another node in the place of one; null leaves a statement out.</summary>
    public Node With(Node old, Node? other)
    {
        for (int k = 0; k < Parts.Length; k++)
        {
            if (ReferenceEquals(Parts[k], old))
                return this with { Parts = other is null ? [.. Parts[..k], .. Parts[(k + 1)..]] : [.. Parts[..k], other, .. Parts[(k + 1)..]] };
            var changed = Parts[k].With(old, other);
            if (!ReferenceEquals(changed, Parts[k])) return this with { Parts = [.. Parts[..k], changed, .. Parts[(k + 1)..]] };
        }
        return this;
    }

    void Print(StringBuilder text, bool host)
    {
        string template = host ? Host ?? Template : Template;
        for (int k = 0; k < template.Length; k++)
        {
            if (template[k] != '$') text.Append(template[k]);
            else if (template[++k] != '*') Parts[template[k] - '0'].Print(text, host);
            else
                for (int p = 0; p < Parts.Length; p++)
                {
                    if (p > 0) text.Append('\n');
                    Parts[p].Print(text, host);
                }
        }
    }
}
