using System.CommandLine;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary>What there is to choose from.</summary>
static class ListCommands
{
    public static Command Devices(TextWriter output) => List("devices", "what can compute here", output, ["device", "what it is", "here"], () => Kernels.Devices.All.SelectMany(kind =>
    {
        var found = kind.Find();
        return found.Devices.Count == 0 ? [[kind.Name, kind.Summary, $"no: {found.Reason}"]]
            : found.Devices.Select((d, number) => (string[])[number == 0 ? kind.Name : $"{kind.Name}:{number}", kind.Summary, d.Description]);
    }).Append(["auto", "the first GPU in this list, else cpu", $"takes {Kernels.Devices.Best()}"]));

    public static Command Experiments(TextWriter output) => List("experiments", "what can be run", output, ["experiment", "question"],
        () => PresetCatalogue.Names.Select(name => (string[])[name, PresetCatalogue.Get(name).Title]));

    public static Command Methods(TextWriter output) => List("methods", "ways to explain", output, ["method", "description", "source"],
        () => MethodCatalogue.All.Select(m => (string[])[m.Name, m.Description, m.Source]));

    static Command List(string name, string description, TextWriter output, string[] head, Func<IEnumerable<string[]>> rows)
    {
        var json = Options.Json();
        var command = new Command(name, description) { json };
        command.SetAction(parsed =>
        {
            var screen = new Screen(output, quiet: false, parsed.GetValue(json));
            if (parsed.GetValue(json)) screen.Json(rows().Select(row => head.Zip(row).ToDictionary(p => p.First, p => p.Second)));
            else screen.Table(head, rows(), numbers: false);
            return CommandLine.Done;
        });
        return command;
    }
}
