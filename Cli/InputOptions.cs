using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary>A network, how pictures become its input, and what its classes are called; for commands that show pictures to a network.</summary>
sealed class InputOptions
{
    readonly Option<string?> _model = Options.Model(), _weights = Options.Weights();
    readonly Option<string[]> _allowMissing = Options.AllowMissing();
    readonly Option<Data.Preprocessing?> _preprocessing = Preprocessings.Option();
    readonly Option<bool> _invert = new("--invert") { Description = "dark ink on light paper: turn it round" };
    readonly Option<string?> _labels = new("--labels") { Description = "file with the names of the classes, one per line or JSON", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_weights);
        command.Options.Add(_allowMissing);
        command.Options.Add(_preprocessing);
        command.Options.Add(_invert);
        command.Options.Add(_labels);
    }

    public ModelEntry Model(ParseResult parsed) => Options.ModelFor(parsed.GetValue(_model), parsed.GetValue(_weights));

    /// <summary>The network, with the names the user gave its classes.</summary>
    public Network Load(ParseResult parsed, Device device, ModelEntry model)
    {
        var network = Network.Load(device, model.Name, parsed.GetValue(_weights) ?? WeightFiles.For(model.Name), parsed.GetValue(_allowMissing));
        try { return parsed.GetValue(_labels) is { } labels ? network with { Classes = ClassNames.Read(labels, network.Classifier.Classes) } : network; }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>What the user says, else the file of weights, else what the model's published weights expect.</summary>
    public Data.Preprocessing Preprocessing(ParseResult parsed, ModelEntry model, Network network)
    {
        var chosen = parsed.GetValue(_preprocessing) ?? network.Preprocessing ?? PictureInput.PreprocessingFor(model);
        return parsed.GetValue(_invert) ? chosen with { Invert = true } : chosen;
    }
}
