namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Switch statements.</summary>
static class Switches
{
    public static Node Any(Body b)
    {
        var (kind, subject, labels) = b.Random.Next(5) switch
        {
            0 => ("switch-dense", new Node("index", "$0 & 7", Expressions.Of(b, Scalar.Int, 2)), new[] { "0", "1", "2", "3", "4", "5" }),
            1 => ("switch-dense-offset", new Node("index", "($0 & 7u) + 4294967290u", Expressions.Of(b, Scalar.UInt, 2)), ["4294967290u", "4294967291u", "4294967292u", "4294967293u", "4294967294u", "4294967295u"]),
            2 => ("switch-sparse", new("index", "(int)$0", Expressions.Of(b, Scalar.Int, 8, 2)), ["-7", "0", "1", "100", "200", "77"]),
            3 => ("switch-small", Leaves.Unknown(b, b.Pick([Scalar.Byte, Scalar.Short]), 31), ["0", "1", "2", "60", "61", "100"]),
            _ => ("switch-long", new("index", "(long)$0", Expressions.Of(b, Scalar.Long, 40, 2)), ["0L", "1L", "-5L", "4294967296L", "7L", "8L"]),
        };
        var parts = new List<Node> { subject };
        string text = "";
        bool hasDefault = b.Chance(0.7);
        for (int at = 0; at < labels.Length;)
        {
            int count = Math.Min(labels.Length - at, b.Random.Next(1, 4));
            for (int k = 0; k < count; k++) text += $"case {labels[at + k]}:\n";
            at += count;
            if (hasDefault && at == labels.Length && b.Chance(0.3))
            {
                text += "default:\n";      // shares its section
                hasDefault = false;
            }
            parts.Add(Section(b, at < labels.Length ? $"case {labels[at]}" : hasDefault ? "default" : null));
            text += $"${parts.Count - 1}\n";
        }
        if (hasDefault)
        {
            parts.Add(Section(b, null));
            text += $"default:\n${parts.Count - 1}\n";
        }
        return new(kind, $"switch ($0)\n{{\n{text}}}", [.. parts]);
    }

    /// <param name="following">The section behind it, which it may go on to.</param>
    static Node Section(Body b, string? following)
    {
        var inner = b.Nested(inSwitch: true);
        var block = Writing.Block(inner, 2);
        var end = b.Random.Next(6) switch
        {
            0 when following is not null => new Node("goto-case", $"goto {following};"),
            1 when b.InLoop => new("continue-in-switch", "continue;"),
            2 when b.Return is { } leave && b.Chance(0.4) => leave(b) with { Kind = "return-in-switch" },
            3 when b.Exits.Count > 0 => b.Pick(b.Exits)(),
            _ => new("break-of-switch", "break;"),
        };
        return new("section", "$0\n$1", block, end);
    }
}
