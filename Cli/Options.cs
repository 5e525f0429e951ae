using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary>Options that several commands share, and options whose errors read well.</summary>
static class Options
{
    public static Option<string> Device() => new("--device") { Description = "what computes: see the command devices; auto takes the best that is here", DefaultValueFactory = _ => "cpu", HelpName = "NAME" };
    public static Option<int?> Threads() => Whole("--threads", "threads of the device (default: all cores)", 1, 1024);
    public static Option<bool> Json() => new("--json") { Description = "write the result as JSON and nothing else" };
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "write nothing but failures" };
    public static Option<string?> Data() => new("--data") { Description = "folder with MNIST's IDX files (default: generated digits)", HelpName = "DIR" };
    public static Option<string?> Weights() => new("--weights") { Description = "file of weights, or a name of weights list (default: the first of the model's that is here)", HelpName = "FILE" };
    public static Option<string[]> AllowMissing() => new("--allow-missing") { Description = "weights that the file may lack, as a pattern (fc.*); they stay untrained", HelpName = "PATTERN", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
    public static Option<string?> Model() => new("--model") { Description = "architecture of the weights: see the command models (default: what the weights say, else mnist-cnn)", HelpName = "NAME" };

    /// <summary>The model that was asked for, else the one that the weights are of.</summary>
    public static ModelEntry ModelFor(string? model, string? weights) => ModelCatalogue.Find(model ?? (weights is null ? null : WeightFiles.ModelOf(weights)) ?? "mnist-cnn");
    public static Option<string?> Out(string description) => new("--out", "-o") { Description = description, HelpName = "DIR" };
    public static Option<ulong?> Seed(string of = "of everything random") => Parsed<ulong?>("--seed", $"seed {of}", "a whole number, 0 or more", t => ulong.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out ulong v) ? v : null, "N");

    /// <summary>A file to read or write. A word that begins as options do is a mistyped one.</summary>
    public static Argument<string?> File(string name, string description, bool needed = true)
    {
        var argument = new Argument<string?>(name) { Description = description, Arity = needed ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne };
        argument.Validators.Add(result =>
        {
            if (result is { Tokens: [{ Value: ['-', ..] and var word }], Parent: CommandResult { Command: var command } })
                result.AddError($"unknown option '{word}': {NearestName.Hint(word, [.. command.Options.Select(o => o.Name)])}");
        });
        return argument;
    }

    public static Option<int?> Whole(string name, string description, int least, int most = int.MaxValue) =>
        Parsed<int?>(name, description, most == int.MaxValue ? $"a whole number from {least} on" : $"a whole number from {least} to {most}",
            t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int v) && v >= least && v <= most ? v : null, "N");

    public static Option<double?> Number(string name, string description, double least, double most) =>
        Parsed<double?>(name, description, $"a number from {least} to {most}", t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && v >= least && v <= most ? v : null, "X");

    /// <summary>One of several words.</summary>
    public static Option<T> Choice<T>(string name, string description, T preset, IReadOnlyList<(string Word, T Value)> choices) => new(name)
    {
        Description = $"{description}: {string.Join(", ", choices.Select(c => c.Word))}",
        DefaultValueFactory = _ => preset,
        HelpName = "NAME",
        CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            foreach (var (known, value) in choices)
                if (known == word) return value;
            result.AddError($"{name} '{word}': {NearestName.Hint(word, [.. choices.Select(c => c.Word)])}");
            return preset;
        },
    };

    static Option<T> Parsed<T>(string name, string description, string expected, Func<string, T?> parse, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = (ArgumentResult result) =>
        {
            string text = result.Tokens[0].Value;
            var value = parse(text);
            if (value is null) result.AddError($"{name} '{text}': {expected} was expected");
            return value!;
        },
    };
}
