using Microsoft.Extensions.Logging;

namespace MiniPlane.ApiServer.Admission;

/// <summary>The enabled plug-ins in order.</summary>
public sealed partial class AdmissionChain
{
    private readonly IAdmissionPlugin[] _plugins;

    /// <exception cref="InvalidOperationException">The options name a plug-in that neither upstream nor this server has.</exception>
    public AdmissionChain(IEnumerable<IAdmissionPlugin> plugins, ApiServerOptions options, ILogger<AdmissionChain> logger)
    {
        IAdmissionPlugin[] all = [.. plugins];
        AdmissionNames.Check(options, all);
        foreach ((string flag, string name, string reason) in AdmissionNames.Idle(options))
        {
            LogIdle(logger, name, flag, reason);
        }

        _plugins =
        [
            .. all.Where(plugin => plugin.IsOnByDefault
                ? !options.DisabledAdmission.Contains(plugin.Name)
                : options.EnabledAdmission.Contains(plugin.Name)),
        ];
    }

    public IEnumerable<string> Names => _plugins.Select(plugin => plugin.Name);

    /// <summary>
    /// Lets every plug-in change the object or refuse it; all of them once more when one asks for it
    /// (k8s.io/apiserver/pkg/admission.reinvoker).
    /// </summary>
    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (IAdmissionPlugin plugin in _plugins)
        {
            await plugin.AdmitAsync(request, cancellationToken);
        }

        if (request.WantsReinvocation)
        {
            request.IsReinvocation = true;
            foreach (IAdmissionPlugin plugin in _plugins)
            {
                await plugin.AdmitAsync(request, cancellationToken);
            }
        }
    }

    /// <summary>Lets every plug-in refuse the final object.</summary>
    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (IAdmissionPlugin plugin in _plugins)
        {
            await plugin.ValidateAsync(request, cancellationToken);
        }
    }

    [LoggerMessage(3060, LogLevel.Warning, "Admission plug-in {Name}, named in {Flag}, does nothing here: {Reason}")]
    private static partial void LogIdle(ILogger logger, string name, string flag, string reason);
}
