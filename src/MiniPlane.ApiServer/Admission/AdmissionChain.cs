namespace MiniPlane.ApiServer.Admission;

/// <summary>The enabled plug-ins in order.</summary>
public sealed class AdmissionChain(IEnumerable<IAdmissionPlugin> plugins, ApiServerOptions options)
{
    private readonly IAdmissionPlugin[] _plugins =
        [.. plugins.Where(plugin => !options.DisabledAdmission.Contains(plugin.Name))];

    public IEnumerable<string> Names => _plugins.Select(plugin => plugin.Name);

    /// <summary>Lets every plug-in change the object or refuse it.</summary>
    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (IAdmissionPlugin plugin in _plugins)
        {
            await plugin.AdmitAsync(request, cancellationToken);
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
