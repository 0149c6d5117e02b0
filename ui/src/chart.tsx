// Draw pictures by Apache ECharts.

import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useLayoutEffect, useRef } from "preact/hooks";
import { whenVisible, type Library } from "./drawing";
import { onTheme, theme } from "./theme";

// Okabe and Ito's colours, which colour-blind people can tell apart; yellow and black come last.
export const COLOURS = [
  "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442", "#000000",
];
// On a dark ground: without the colours that are too dark for it.
export const DARK_COLOURS = [
  "#56B4E9", "#E69F00", "#2DC79B", "#CC79A7", "#F0E442", "#6FA8DC", "#D55E00", "#FFFFFF",
];

export type Option = EChartsCoreOption;

/**
 * Draw `option`; `label` says in a sentence what the picture shows, for screen readers.
 *
 * `pick` is called with the datum that is clicked: give the same by keyboard below the picture.
 */
export function Chart(props: {
  option: Option;
  label: string;
  height?: number;
  pick?: (datum: unknown) => void;
}) {
  const { option, label, height = 240, pick } = props;
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current!;
    let chart: EChartsType | undefined;
    const draw = ({ init }: Library) => {
      chart?.dispose();
      const dark = theme() === "dark";
      chart = init(element, dark ? "dark" : undefined);
      chart.setOption({
        color: dark ? DARK_COLOURS : COLOURS,
        backgroundColor: "transparent",
        animation: false,
        ...option,
        aria: { enabled: true, label: { description: label }, decal: { show: true }, ...(option["aria"] as object) },
      });
      if (pick) chart.on("click", ({ data }) => pick(data));
    };
    let stop = whenVisible(element, draw);
    const forget = onTheme(() => {
      if (chart) stop = whenVisible(element, draw);
    });
    // It also reports the first size, for which the picture is drawn already.
    const sizes = new ResizeObserver(() => {
      if (chart && (chart.getWidth() !== element.clientWidth || chart.getHeight() !== element.clientHeight)) chart.resize();
    });
    sizes.observe(element);
    return () => {
      stop();
      forget();
      sizes.disconnect();
      chart?.dispose();
    };
  }, [option, label, pick]);
  return <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
