namespace MiniPlane.ApiServer.Admission;

/// <summary>The enabled plug-ins in order.</summary>
public sealed class AdmissionChain(IEnumerable<IAdmissionPlugin> plugins, ApiServerOptions options)
{
    private readonly IAdmissionPlugin[] _plugins =
        [.. plugins.Where(plugin => !options.DisabledAdmission.Contains(plugin.Name))];

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
}
