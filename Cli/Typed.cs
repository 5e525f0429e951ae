using System.CommandLine;

namespace IlgpuXai.Cli;

static class Typed
{
    /// <summary>The command as it can be typed again. Resuming or replacing is how a run came about, not what it is.</summary>
    public static string Command(ParseResult parsed) =>
        string.Join(' ', parsed.Tokens.Select(t => t.Value).Where(w => w is not ("--resume" or "--overwrite")).Prepend("ilgpuxai").Select(w => w.Contains(' ', StringComparison.Ordinal) ? $"'{w}'" : w));
}
