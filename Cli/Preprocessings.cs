using System.CommandLine;
using IlgpuXai.Data;

namespace IlgpuXai.Cli;

/// <summary>The option that says how pictures become a network's input.</summary>
static class Preprocessings
{
    public static Option<Preprocessing> Option(string preset) => new("--preprocessing")
    {
        Description = $"how pictures are prepared: {string.Join(", ", Preprocessing.Presets.Select(p => p.Name))}, with changes as in imagenet,resize=232",
        HelpName = "TEXT",
        DefaultValueFactory = _ => Preprocessing.Parse(preset),
        CustomParser = result =>
        {
            try { return Preprocessing.Parse(result.Tokens[0].Value); }
            catch (FormatException e) { result.AddError(e.Message); }
            return Preprocessing.None;
        },
    };
}
