using System.CommandLine;
using IlgpuXai.Data;

namespace IlgpuXai.Cli;

/// <summary>The option that says how pictures become a network's input.</summary>
static class Preprocessings
{
    /// <param name="preset">Null leaves the choice to what follows.</param>
    public static Option<Preprocessing?> Option(Preprocessing? preset = null) => new("--preprocessing")
    {
        Description = $"how pictures are prepared: {string.Join(", ", Preprocessing.Presets.Select(p => p.Name))}, with changes as in imagenet,resize=232{(preset is null ? " (default: as the weights expect)" : "")}",
        HelpName = "TEXT",
        DefaultValueFactory = _ => preset,
        CustomParser = result =>
        {
            try { return Preprocessing.Parse(result.Tokens[0].Value); }
            catch (FormatException e) { result.AddError(e.Message); }
            return null;
        },
    };
}
