namespace IlgpuXai.Jit;

/// <summary>Reads what compilers write.</summary>
static class CompilerLog
{
    /// <summary>The first line that names an error, else the first line at all.</summary>
    public static string FirstError(string log)
    {
        string[] lines = [.. log.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
        return lines.FirstOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.FirstOrDefault() ?? "the compiler says no more";
    }
}
